using System.Numerics;
using System.Runtime.CompilerServices;
using Iced.Intel;
using Ringmaster.Cpu.Interpreter.Decoding;
using Ringmaster.Cpu.Interpreter.Execution;
using Vector = Ringmaster.Cpu.Interpreter.Execution.Vector;

namespace Ringmaster.Cpu.Interpreter.Instructions.Integer;

/// <summary>MUL, IMUL, DIV, IDIV.</summary>
internal static unsafe class MultiplyInstructions
{
    public static void Register(HandlerTable table)
    {
        Enter<Multiply>(table, Code.Mul_rm8, Code.Mul_rm16);
        Enter<MultiplySigned>(table, Code.Imul_rm8, Code.Imul_rm16);
        Enter<Divide>(table, Code.Div_rm8, Code.Div_rm16);
        Enter<DivideSigned>(table, Code.Idiv_rm8, Code.Idiv_rm16);
        table.Add(Code.Imul_r16_rm16, &TwoReg<ushort>, &TwoMem<ushort>);
        table.Add(Code.Imul_r32_rm32, &TwoReg<uint>, &TwoMem<uint>);
        table.Add(Code.Imul_r64_rm64, &TwoReg<ulong>, &TwoMem<ulong>);
        table.Add(Code.Imul_r16_rm16_imm16, &ThreeReg<ushort>, &ThreeMem<ushort>);
        table.Add(Code.Imul_r32_rm32_imm32, &ThreeReg<uint>, &ThreeMem<uint>);
        table.Add(Code.Imul_r64_rm64_imm32, &ThreeReg<ulong>, &ThreeMem<ulong>);
        table.Add(Code.Imul_r16_rm16_imm8, &ThreeReg<ushort>, &ThreeMem<ushort>);
        table.Add(Code.Imul_r32_rm32_imm8, &ThreeReg<uint>, &ThreeMem<uint>);
        table.Add(Code.Imul_r64_rm64_imm8, &ThreeReg<ulong>, &ThreeMem<ulong>);
    }

    private interface IAccumulatorOperation
    {
        static abstract Status Execute<T>(Vcpu cpu, T operand) where T : unmanaged, IBinaryInteger<T>;
    }

    private static void Enter<TOperation>(HandlerTable table, Code bytes, Code words) where TOperation : struct, IAccumulatorOperation
    {
        table.Add(bytes, &Reg<TOperation, byte>, &Mem<TOperation, byte>);
        table.Add(words, &Reg<TOperation, ushort>, &Mem<TOperation, ushort>);
        table.Add(words + 1, &Reg<TOperation, uint>, &Mem<TOperation, uint>);
        table.Add(words + 2, &Reg<TOperation, ulong>, &Mem<TOperation, ulong>);
    }

    private static Status Reg<TOperation, T>(Vcpu cpu, Op* op)
        where TOperation : struct, IAccumulatorOperation where T : unmanaged, IBinaryInteger<T> =>
        TOperation.Execute(cpu, cpu.Reg<T>(op->Reg0));

    private static Status Mem<TOperation, T>(Vcpu cpu, Op* op)
        where TOperation : struct, IAccumulatorOperation where T : unmanaged, IBinaryInteger<T> =>
        cpu.Read(op, out T operand) ? TOperation.Execute(cpu, operand) : cpu.FaultOrExit;

    private static Status TwoReg<T>(Vcpu cpu, Op* op) where T : unmanaged, IBinaryInteger<T> =>
        StoreProduct(cpu, op, cpu.Reg<T>(op->Reg0), cpu.Reg<T>(op->Reg1));

    private static Status TwoMem<T>(Vcpu cpu, Op* op) where T : unmanaged, IBinaryInteger<T> =>
        cpu.Read(op, out T right) ? StoreProduct(cpu, op, cpu.Reg<T>(op->Reg0), right) : cpu.FaultOrExit;

    private static Status ThreeReg<T>(Vcpu cpu, Op* op) where T : unmanaged, IBinaryInteger<T> =>
        StoreProduct(cpu, op, cpu.Reg<T>(op->Reg1), T.CreateTruncating(op->Immediate));

    private static Status ThreeMem<T>(Vcpu cpu, Op* op) where T : unmanaged, IBinaryInteger<T> =>
        cpu.Read(op, out T left) ? StoreProduct(cpu, op, left, T.CreateTruncating(op->Immediate)) : cpu.FaultOrExit;

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    private static Status StoreProduct<T>(Vcpu cpu, Op* op, T left, T right) where T : unmanaged, IBinaryInteger<T>
    {
        long low;
        bool overflow;
        if (sizeof(T) < 8)
        {
            low = (long)Vcpu.SignExtend(left) * (long)Vcpu.SignExtend(right);
            overflow = (long)Vcpu.SignExtend(T.CreateTruncating((ulong)low)) != low;
        }
        else
        {
            overflow = Math.BigMul((long)Vcpu.SignExtend(left), (long)Vcpu.SignExtend(right), out low) != low >> 63;
        }
        var result = T.CreateTruncating((ulong)low);
        cpu.SetReg(op->Reg0, result);
        SetProductFlags(cpu, result, overflow);
        return Status.Next;
    }

    // SF, ZF, AF and PF are undefined (SDM 2A MUL, IMUL).
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    private static void SetProductFlags<T>(Vcpu cpu, T low, bool overflow) where T : unmanaged, IBinaryInteger<T> =>
        cpu.SetLogicFlags(low, overflow, overflow);

    /// <summary>Stores a double-width result in AX, DX:AX, EDX:EAX or RDX:RAX.</summary>
    private static void StoreWide<T>(Vcpu cpu, T low, T high) where T : unmanaged, IBinaryInteger<T>
    {
        if (sizeof(T) == 1)
        {
            cpu.SetReg(RegisterFile.Rax, low);
            cpu.SetReg(RegisterFile.Rax + 1, high);
            return;
        }
        cpu.SetReg(RegisterFile.Rax, low);
        cpu.SetReg(RegisterFile.Rdx, high);
    }

    private static T High<T>(Vcpu cpu) where T : unmanaged =>
        sizeof(T) == 1 ? cpu.Reg<T>(RegisterFile.Rax + 1) : cpu.Reg<T>(RegisterFile.Rdx);

    private readonly struct Multiply : IAccumulatorOperation
    {
        public static Status Execute<T>(Vcpu cpu, T operand) where T : unmanaged, IBinaryInteger<T>
        {
            var bits = sizeof(T) * 8;
            var high = Math.BigMul(ulong.CreateTruncating(cpu.Reg<T>(RegisterFile.Rax)), ulong.CreateTruncating(operand), out var low);
            var lowPart = T.CreateTruncating(low);
            var highPart = bits == 64 ? T.CreateTruncating(high) : T.CreateTruncating(low >> bits);
            StoreWide(cpu, lowPart, highPart);
            SetProductFlags(cpu, lowPart, highPart != T.Zero);
            return Status.Next;
        }
    }

    private readonly struct MultiplySigned : IAccumulatorOperation
    {
        public static Status Execute<T>(Vcpu cpu, T operand) where T : unmanaged, IBinaryInteger<T>
        {
            var bits = sizeof(T) * 8;
            var high = Math.BigMul((long)Vcpu.SignExtend(cpu.Reg<T>(RegisterFile.Rax)), (long)Vcpu.SignExtend(operand), out var low);
            var lowPart = T.CreateTruncating((ulong)low);
            var highPart = bits == 64 ? T.CreateTruncating((ulong)high) : T.CreateTruncating((ulong)low >> bits);
            StoreWide(cpu, lowPart, highPart);
            SetProductFlags(cpu, lowPart, high != low >> 63 || (long)Vcpu.SignExtend(lowPart) != low);
            return Status.Next;
        }
    }

    private readonly struct Divide : IAccumulatorOperation
    {
        public static Status Execute<T>(Vcpu cpu, T operand) where T : unmanaged, IBinaryInteger<T>
        {
            var bits = sizeof(T) * 8;
            var high = High<T>(cpu);
            var low = cpu.Reg<T>(RegisterFile.Rax);
            // The quotient fits exactly when the upper half is smaller than the divisor; this covers a divisor of zero.
            if (high >= operand)
                return cpu.Raise(Vector.DivideError);
            if (bits < 64 || high == T.Zero)
            {
                var dividend = (bits < 64 ? ulong.CreateTruncating(high) << bits : 0) | ulong.CreateTruncating(low);
                var (quotient, remainder) = Math.DivRem(dividend, ulong.CreateTruncating(operand));
                StoreWide(cpu, T.CreateTruncating(quotient), T.CreateTruncating(remainder));
                return Status.Next;
            }
            var wide = new UInt128(ulong.CreateTruncating(high), ulong.CreateTruncating(low));
            var (wideQuotient, wideRemainder) = UInt128.DivRem(wide, ulong.CreateTruncating(operand));
            StoreWide(cpu, T.CreateTruncating(wideQuotient), T.CreateTruncating(wideRemainder));
            return Status.Next;
        }
    }

    private readonly struct DivideSigned : IAccumulatorOperation
    {
        public static Status Execute<T>(Vcpu cpu, T operand) where T : unmanaged, IBinaryInteger<T>
        {
            var bits = sizeof(T) * 8;
            if (operand == T.Zero)
                return cpu.Raise(Vector.DivideError);
            var divisor = (Int128)(long)Vcpu.SignExtend(operand);
            var upper = (Int128)(long)Vcpu.SignExtend(High<T>(cpu)) << bits;
            var dividend = upper | ulong.CreateTruncating(cpu.Reg<T>(RegisterFile.Rax));
            Int128 quotient, remainder;
            if (dividend == (long)dividend && dividend != long.MinValue)
            {
                var (shortQuotient, shortRemainder) = Math.DivRem((long)dividend, (long)divisor);
                (quotient, remainder) = (shortQuotient, shortRemainder);
            }
            else
            {
                // -2^127 / -1 overflows Int128 itself, and the quotient's range below.
                if (divisor == -1 && dividend == Int128.MinValue)
                    return cpu.Raise(Vector.DivideError);
                (quotient, remainder) = Int128.DivRem(dividend, divisor);
            }
            var limit = Int128.One << (bits - 1);
            if (quotient >= limit || quotient < -limit)
                return cpu.Raise(Vector.DivideError);
            StoreWide(cpu, T.CreateTruncating(quotient), T.CreateTruncating(remainder));
            return Status.Next;
        }
    }
}
