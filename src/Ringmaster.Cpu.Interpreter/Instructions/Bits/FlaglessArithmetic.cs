using System.Numerics;
using Iced.Intel;
using Ringmaster.Cpu.Interpreter.Decoding;
using Ringmaster.Cpu.Interpreter.Execution;

namespace Ringmaster.Cpu.Interpreter.Instructions.Bits;

/// <summary>The BMI2 instructions that leave the flags alone: MULX, RORX, SARX, SHLX, SHRX, PDEP, PEXT.</summary>
internal static unsafe class FlaglessArithmetic
{
    public static void Register(HandlerTable table)
    {
        EnterShift<ShiftLeft, uint>(table, Code.VEX_Shlx_r32_rm32_r32);
        EnterShift<ShiftLeft, ulong>(table, Code.VEX_Shlx_r64_rm64_r64);
        EnterShift<ShiftRight, uint>(table, Code.VEX_Shrx_r32_rm32_r32);
        EnterShift<ShiftRight, ulong>(table, Code.VEX_Shrx_r64_rm64_r64);
        EnterShift<ShiftSigned, uint>(table, Code.VEX_Sarx_r32_rm32_r32);
        EnterShift<ShiftSigned, ulong>(table, Code.VEX_Sarx_r64_rm64_r64);
        table.Add(Code.VEX_Rorx_r32_rm32_imm8, &RotateRegister<uint>, &RotateMemory<uint>);
        table.Add(Code.VEX_Rorx_r64_rm64_imm8, &RotateRegister<ulong>, &RotateMemory<ulong>);
        table.Add(Code.VEX_Mulx_r32_r32_rm32, &Multiply32Register, &Multiply32Memory);
        table.Add(Code.VEX_Mulx_r64_r64_rm64, &Multiply64Register, &Multiply64Memory);
        table.Add(Code.VEX_Pdep_r32_r32_rm32, &DepositRegister<uint>, &DepositMemory<uint>);
        table.Add(Code.VEX_Pdep_r64_r64_rm64, &DepositRegister<ulong>, &DepositMemory<ulong>);
        table.Add(Code.VEX_Pext_r32_r32_rm32, &GatherRegister<uint>, &GatherMemory<uint>);
        table.Add(Code.VEX_Pext_r64_r64_rm64, &GatherRegister<ulong>, &GatherMemory<ulong>);
    }

    private static void EnterShift<TShift, T>(HandlerTable table, Code code)
        where TShift : struct, IShift
        where T : unmanaged, IBinaryInteger<T> =>
        table.Add(code, &ShiftOfRegister<TShift, T>, &ShiftOfMemory<TShift, T>);

    private static Status ShiftOfRegister<TShift, T>(Vcpu cpu, Op* op)
        where TShift : struct, IShift
        where T : unmanaged, IBinaryInteger<T>
    {
        cpu.SetReg(op->Reg0, TShift.Apply(cpu.Reg<T>(op->Reg1), cpu.Reg<byte>(op->Reg2) & (sizeof(T) * 8 - 1)));
        return Status.Next;
    }

    private static Status ShiftOfMemory<TShift, T>(Vcpu cpu, Op* op)
        where TShift : struct, IShift
        where T : unmanaged, IBinaryInteger<T>
    {
        if (!cpu.Read<T>(op, out var source))
            return cpu.FaultOrExit;
        cpu.SetReg(op->Reg0, TShift.Apply(source, cpu.Reg<byte>(op->Reg2) & (sizeof(T) * 8 - 1)));
        return Status.Next;
    }

    private static Status RotateRegister<T>(Vcpu cpu, Op* op) where T : unmanaged, IBinaryInteger<T>
    {
        cpu.SetReg(op->Reg0, T.RotateRight(cpu.Reg<T>(op->Reg1), (int)op->Immediate & (sizeof(T) * 8 - 1)));
        return Status.Next;
    }

    private static Status RotateMemory<T>(Vcpu cpu, Op* op) where T : unmanaged, IBinaryInteger<T>
    {
        if (!cpu.Read<T>(op, out var source))
            return cpu.FaultOrExit;
        cpu.SetReg(op->Reg0, T.RotateRight(source, (int)op->Immediate & (sizeof(T) * 8 - 1)));
        return Status.Next;
    }

    private static Status Multiply32Register(Vcpu cpu, Op* op) => Multiply32(cpu, op, cpu.Reg<uint>(op->Reg2));

    private static Status Multiply32Memory(Vcpu cpu, Op* op) =>
        cpu.Read<uint>(op, out var source) ? Multiply32(cpu, op, source) : cpu.FaultOrExit;

    // When both destinations are one register it receives the upper half (SDM 2B MULX), so that is written last.
    private static Status Multiply32(Vcpu cpu, Op* op, uint source)
    {
        var product = (ulong)cpu.Reg<uint>(RegisterFile.Rdx) * source;
        cpu.SetReg(op->Reg1, (uint)product);
        cpu.SetReg(op->Reg0, (uint)(product >> 32));
        return Status.Next;
    }

    private static Status Multiply64Register(Vcpu cpu, Op* op) => Multiply64(cpu, op, cpu.Reg<ulong>(op->Reg2));

    private static Status Multiply64Memory(Vcpu cpu, Op* op) =>
        cpu.Read<ulong>(op, out var source) ? Multiply64(cpu, op, source) : cpu.FaultOrExit;

    private static Status Multiply64(Vcpu cpu, Op* op, ulong source)
    {
        var high = Math.BigMul(cpu.R64(RegisterFile.Rdx), source, out var low);
        cpu.R64(op->Reg1) = low;
        cpu.R64(op->Reg0) = high;
        return Status.Next;
    }

    private static Status DepositRegister<T>(Vcpu cpu, Op* op) where T : unmanaged, IBinaryInteger<T>
    {
        cpu.SetReg(op->Reg0, Deposit(cpu.Reg<T>(op->Reg1), cpu.Reg<T>(op->Reg2)));
        return Status.Next;
    }

    private static Status DepositMemory<T>(Vcpu cpu, Op* op) where T : unmanaged, IBinaryInteger<T>
    {
        if (!cpu.Read<T>(op, out var mask))
            return cpu.FaultOrExit;
        cpu.SetReg(op->Reg0, Deposit(cpu.Reg<T>(op->Reg1), mask));
        return Status.Next;
    }

    private static Status GatherRegister<T>(Vcpu cpu, Op* op) where T : unmanaged, IBinaryInteger<T>
    {
        cpu.SetReg(op->Reg0, Gather(cpu.Reg<T>(op->Reg1), cpu.Reg<T>(op->Reg2)));
        return Status.Next;
    }

    private static Status GatherMemory<T>(Vcpu cpu, Op* op) where T : unmanaged, IBinaryInteger<T>
    {
        if (!cpu.Read<T>(op, out var mask))
            return cpu.FaultOrExit;
        cpu.SetReg(op->Reg0, Gather(cpu.Reg<T>(op->Reg1), mask));
        return Status.Next;
    }

    private static T Deposit<T>(T source, T mask) where T : unmanaged, IBinaryInteger<T>
    {
        var result = T.Zero;
        while (!T.IsZero(mask))
        {
            var lowest = mask & (~mask + T.One);
            if (!T.IsZero(source & T.One))
                result |= lowest;
            source >>>= 1;
            mask ^= lowest;
        }
        return result;
    }

    private static T Gather<T>(T source, T mask) where T : unmanaged, IBinaryInteger<T>
    {
        var result = T.Zero;
        for (var to = T.One; !T.IsZero(mask); to <<= 1)
        {
            var lowest = mask & (~mask + T.One);
            if (!T.IsZero(source & lowest))
                result |= to;
            mask ^= lowest;
        }
        return result;
    }

    private interface IShift
    {
        static abstract T Apply<T>(T source, int count) where T : unmanaged, IBinaryInteger<T>;
    }

    private struct ShiftLeft : IShift
    {
        public static T Apply<T>(T source, int count) where T : unmanaged, IBinaryInteger<T> => source << count;
    }

    private struct ShiftRight : IShift
    {
        public static T Apply<T>(T source, int count) where T : unmanaged, IBinaryInteger<T> => source >>> count;
    }

    private struct ShiftSigned : IShift
    {
        public static T Apply<T>(T source, int count) where T : unmanaged, IBinaryInteger<T> =>
            typeof(T) == typeof(uint)
                ? T.CreateTruncating((int)uint.CreateTruncating(source) >> count)
                : T.CreateTruncating((long)ulong.CreateTruncating(source) >> count);
    }
}
