using System.Numerics;
using System.Runtime.CompilerServices;
using Iced.Intel;
using Ringmaster.Cpu.Interpreter.Decoding;
using Ringmaster.Cpu.Interpreter.Execution;

namespace Ringmaster.Cpu.Interpreter.Instructions.Integer;

/// <summary>ROL, ROR, RCL, RCR, SHL, SHR, SAR, SHLD, SHRD.</summary>
internal static unsafe class ShiftInstructions
{
    public static void Register(HandlerTable table)
    {
        // The groups C0, C1, D0 to D3, each in the order ROL ROR RCL RCR SHL SHR SAL SAR.
        Enter<RotateLeft>(table, 0);
        Enter<RotateRight>(table, 1);
        Enter<RotateCarryLeft>(table, 2);
        Enter<RotateCarryRight>(table, 3);
        Enter<ShiftLeft>(table, 4);
        Enter<ShiftRight>(table, 5);
        Enter<ShiftLeft>(table, 6);
        Enter<ShiftArithmeticRight>(table, 7);

        table.Add(Code.Shld_rm16_r16_imm8, &DoubleReg<Left, FromImmediate, ushort>, &DoubleMem<Left, FromImmediate, ushort>);
        table.Add(Code.Shld_rm32_r32_imm8, &DoubleReg<Left, FromImmediate, uint>, &DoubleMem<Left, FromImmediate, uint>);
        table.Add(Code.Shld_rm64_r64_imm8, &DoubleReg<Left, FromImmediate, ulong>, &DoubleMem<Left, FromImmediate, ulong>);
        table.Add(Code.Shld_rm16_r16_CL, &DoubleReg<Left, FromCl, ushort>, &DoubleMem<Left, FromCl, ushort>);
        table.Add(Code.Shld_rm32_r32_CL, &DoubleReg<Left, FromCl, uint>, &DoubleMem<Left, FromCl, uint>);
        table.Add(Code.Shld_rm64_r64_CL, &DoubleReg<Left, FromCl, ulong>, &DoubleMem<Left, FromCl, ulong>);
        table.Add(Code.Shrd_rm16_r16_imm8, &DoubleReg<Right, FromImmediate, ushort>, &DoubleMem<Right, FromImmediate, ushort>);
        table.Add(Code.Shrd_rm32_r32_imm8, &DoubleReg<Right, FromImmediate, uint>, &DoubleMem<Right, FromImmediate, uint>);
        table.Add(Code.Shrd_rm64_r64_imm8, &DoubleReg<Right, FromImmediate, ulong>, &DoubleMem<Right, FromImmediate, ulong>);
        table.Add(Code.Shrd_rm16_r16_CL, &DoubleReg<Right, FromCl, ushort>, &DoubleMem<Right, FromCl, ushort>);
        table.Add(Code.Shrd_rm32_r32_CL, &DoubleReg<Right, FromCl, uint>, &DoubleMem<Right, FromCl, uint>);
        table.Add(Code.Shrd_rm64_r64_CL, &DoubleReg<Right, FromCl, ulong>, &DoubleMem<Right, FromCl, ulong>);
    }

    private static void Enter<TShift>(HandlerTable table, int index) where TShift : struct, IShift
    {
        EnterCount<TShift, FromImmediate>(table, Code.Rol_rm8_imm8 + index, Code.Rol_rm16_imm8 + index * 3);
        EnterCount<TShift, One>(table, Code.Rol_rm8_1 + index, Code.Rol_rm16_1 + index * 3);
        EnterCount<TShift, FromCl>(table, Code.Rol_rm8_CL + index, Code.Rol_rm16_CL + index * 3);
    }

    private static void EnterCount<TShift, TCount>(HandlerTable table, Code bytes, Code words)
        where TShift : struct, IShift where TCount : struct, ICount
    {
        table.Add(bytes, &Reg<TShift, TCount, byte>, &Mem<TShift, TCount, byte>);
        table.Add(words, &Reg<TShift, TCount, ushort>, &Mem<TShift, TCount, ushort>);
        table.Add(words + 1, &Reg<TShift, TCount, uint>, &Mem<TShift, TCount, uint>);
        table.Add(words + 2, &Reg<TShift, TCount, ulong>, &Mem<TShift, TCount, ulong>);
    }

    private static Status Reg<TShift, TCount, T>(Vcpu cpu, Op* op)
        where TShift : struct, IShift where TCount : struct, ICount where T : unmanaged, IBinaryInteger<T>
    {
        var count = TCount.Of(cpu, op) & CountMask<T>();
        var value = cpu.Reg<T>(op->Reg0);
        if (count == 0)
        {
            // Nothing changes but the upper half under a 32-bit operand.
            cpu.SetReg(op->Reg0, value);
            return Status.Next;
        }
        var outcome = TShift.Compute(value, count, cpu.CF);
        cpu.SetReg(op->Reg0, outcome.Result);
        SetFlags<TShift, T>(cpu, outcome);
        return Status.Next;
    }

    private static Status Mem<TShift, TCount, T>(Vcpu cpu, Op* op)
        where TShift : struct, IShift where TCount : struct, ICount where T : unmanaged, IBinaryInteger<T>
    {
        var count = TCount.Of(cpu, op) & CountMask<T>();
        if (!cpu.BeginUpdate(op, out T value, out var target))
            return cpu.FaultOrExit;
        if (count == 0)
            return cpu.FinishUpdate(target, value) ? Status.Next : cpu.FaultOrExit;
        var outcome = TShift.Compute(value, count, cpu.CF);
        if (!cpu.FinishUpdate(target, outcome.Result))
            return cpu.FaultOrExit;
        SetFlags<TShift, T>(cpu, outcome);
        return Status.Next;
    }

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    private static void SetFlags<TShift, T>(Vcpu cpu, Outcome<T> outcome) where TShift : struct, IShift where T : unmanaged, IBinaryInteger<T>
    {
        if (TShift.IsRotate)
            cpu.SetCarryAndOverflow(outcome.Carry, outcome.Overflow);
        else
            cpu.SetLogicFlags(outcome.Result, outcome.Carry, outcome.Overflow);
    }

    private static Status DoubleReg<TDirection, TCount, T>(Vcpu cpu, Op* op)
        where TDirection : struct, IDirection where TCount : struct, ICount where T : unmanaged, IBinaryInteger<T>
    {
        var count = TCount.Of(cpu, op) & CountMask<T>();
        var value = cpu.Reg<T>(op->Reg0);
        if (count == 0)
        {
            cpu.SetReg(op->Reg0, value);
            return Status.Next;
        }
        var outcome = TDirection.Compute(value, cpu.Reg<T>(op->Reg1), count);
        cpu.SetReg(op->Reg0, outcome.Result);
        SetFlags<ShiftLeft, T>(cpu, outcome);
        return Status.Next;
    }

    private static Status DoubleMem<TDirection, TCount, T>(Vcpu cpu, Op* op)
        where TDirection : struct, IDirection where TCount : struct, ICount where T : unmanaged, IBinaryInteger<T>
    {
        var count = TCount.Of(cpu, op) & CountMask<T>();
        if (!cpu.BeginUpdate(op, out T value, out var target))
            return cpu.FaultOrExit;
        if (count == 0)
            return cpu.FinishUpdate(target, value) ? Status.Next : cpu.FaultOrExit;
        var outcome = TDirection.Compute(value, cpu.Reg<T>(op->Reg1), count);
        if (!cpu.FinishUpdate(target, outcome.Result))
            return cpu.FaultOrExit;
        SetFlags<ShiftLeft, T>(cpu, outcome);
        return Status.Next;
    }

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    private static int CountMask<T>() where T : unmanaged => sizeof(T) == 8 ? 63 : 31;

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    private static bool Top<T>(T value) where T : unmanaged, IBinaryInteger<T> => (value >> (sizeof(T) * 8 - 1) & T.One) != T.Zero;

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    private static bool Bit<T>(T value, int bit) where T : unmanaged, IBinaryInteger<T> => (value >> bit & T.One) != T.Zero;

    private readonly record struct Outcome<T>(T Result, bool Carry, bool Overflow) where T : unmanaged;

    private interface ICount
    {
        static abstract int Of(Vcpu cpu, Op* op);
    }

    private interface IShift
    {
        static abstract bool IsRotate { get; }

        /// <summary>The shift by a count from 1 to 31 or 63, which may exceed the operand's width.</summary>
        static abstract Outcome<T> Compute<T>(T value, int count, bool carry) where T : unmanaged, IBinaryInteger<T>;
    }

    private interface IDirection
    {
        static abstract Outcome<T> Compute<T>(T value, T filler, int count) where T : unmanaged, IBinaryInteger<T>;
    }

    private readonly struct FromImmediate : ICount
    {
        public static int Of(Vcpu cpu, Op* op) => (int)op->Immediate;
    }

    private readonly struct FromCl : ICount
    {
        public static int Of(Vcpu cpu, Op* op) => cpu.Reg<byte>(RegisterFile.Rcx);
    }

    private readonly struct One : ICount
    {
        public static int Of(Vcpu cpu, Op* op) => 1;
    }

    private readonly struct ShiftLeft : IShift
    {
        public static bool IsRotate => false;

        [MethodImpl(MethodImplOptions.AggressiveInlining)]
        public static Outcome<T> Compute<T>(T value, int count, bool carry) where T : unmanaged, IBinaryInteger<T>
        {
            var bits = sizeof(T) * 8;
            if (count > bits)
                return new(T.Zero, false, false);
            var result = count == bits ? T.Zero : value << count;
            var out_ = Bit(value, bits - count);
            return new(result, out_, Top(result) != out_);
        }
    }

    private readonly struct ShiftRight : IShift
    {
        public static bool IsRotate => false;

        [MethodImpl(MethodImplOptions.AggressiveInlining)]
        public static Outcome<T> Compute<T>(T value, int count, bool carry) where T : unmanaged, IBinaryInteger<T>
        {
            var bits = sizeof(T) * 8;
            if (count > bits)
                return new(T.Zero, false, false);
            return new(count == bits ? T.Zero : value >>> count, Bit(value, count - 1), count == 1 && Top(value));
        }
    }

    private readonly struct ShiftArithmeticRight : IShift
    {
        public static bool IsRotate => false;

        [MethodImpl(MethodImplOptions.AggressiveInlining)]
        public static Outcome<T> Compute<T>(T value, int count, bool carry) where T : unmanaged, IBinaryInteger<T>
        {
            var bits = sizeof(T) * 8;
            var sign = Top(value) ? ~T.Zero : T.Zero;
            if (count >= bits)
                return new(sign, Top(value), false);
            return new((value >>> count) | (sign << (bits - count)), Bit(value, count - 1), false);
        }
    }

    private readonly struct RotateLeft : IShift
    {
        public static bool IsRotate => true;

        [MethodImpl(MethodImplOptions.AggressiveInlining)]
        public static Outcome<T> Compute<T>(T value, int count, bool carry) where T : unmanaged, IBinaryInteger<T>
        {
            var result = T.RotateLeft(value, count & (sizeof(T) * 8 - 1));
            var low = Bit(result, 0);
            return new(result, low, Top(result) != low);
        }
    }

    private readonly struct RotateRight : IShift
    {
        public static bool IsRotate => true;

        [MethodImpl(MethodImplOptions.AggressiveInlining)]
        public static Outcome<T> Compute<T>(T value, int count, bool carry) where T : unmanaged, IBinaryInteger<T>
        {
            var result = T.RotateRight(value, count & (sizeof(T) * 8 - 1));
            return new(result, Top(result), Top(result) != Bit(result, sizeof(T) * 8 - 2));
        }
    }

    private readonly struct RotateCarryLeft : IShift
    {
        public static bool IsRotate => true;

        [MethodImpl(MethodImplOptions.AggressiveInlining)]
        public static Outcome<T> Compute<T>(T value, int count, bool carry) where T : unmanaged, IBinaryInteger<T>
        {
            var bits = sizeof(T) * 8;
            count %= bits + 1;
            if (count == 0)
                return new(value, carry, Top(value) != carry);
            var low = carry ? T.One << (count - 1) : T.Zero;
            var result = (count == bits ? T.Zero : value << count) | low | (count < 2 ? T.Zero : value >>> (bits + 1 - count));
            var out_ = Bit(value, bits - count);
            return new(result, out_, Top(result) != out_);
        }
    }

    private readonly struct RotateCarryRight : IShift
    {
        public static bool IsRotate => true;

        [MethodImpl(MethodImplOptions.AggressiveInlining)]
        public static Outcome<T> Compute<T>(T value, int count, bool carry) where T : unmanaged, IBinaryInteger<T>
        {
            var bits = sizeof(T) * 8;
            count %= bits + 1;
            if (count == 0)
                return new(value, carry, Top(value) != Bit(value, bits - 2));
            var high = carry ? T.One << (bits - count) : T.Zero;
            var result = (count == bits ? T.Zero : value >>> count) | high | (count < 2 ? T.Zero : value << (bits + 1 - count));
            return new(result, Bit(value, count - 1), Top(result) != Bit(result, bits - 2));
        }
    }

    private readonly struct Left : IDirection
    {
        public static Outcome<T> Compute<T>(T value, T filler, int count) where T : unmanaged, IBinaryInteger<T>
        {
            var bits = sizeof(T) * 8;
            // Counts above 16 with 16-bit operands are undefined (SDM 2B SHLD); AMD's processors rotate the filler.
            if (count > bits)
                return Compute(filler, filler, count - bits);
            var result = (count == bits ? T.Zero : value << count) | filler >>> (bits - count);
            var out_ = Bit(value, bits - count);
            return new(result, out_, Top(result) != out_);
        }
    }

    private readonly struct Right : IDirection
    {
        public static Outcome<T> Compute<T>(T value, T filler, int count) where T : unmanaged, IBinaryInteger<T>
        {
            var bits = sizeof(T) * 8;
            if (count > bits)
                return Compute(filler, filler, count - bits);
            var result = (count == bits ? T.Zero : value >>> count) | (filler << (bits - count));
            return new(result, Bit(value, count - 1), Top(result) != Bit(result, bits - 2));
        }
    }
}
