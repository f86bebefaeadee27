using System.Numerics;
using Iced.Intel;
using Ringmaster.Cpu.Interpreter.Decoding;
using Ringmaster.Cpu.Interpreter.Execution;

namespace Ringmaster.Cpu.Interpreter.Instructions.Integer;

/// <summary>INC, DEC, NOT, NEG.</summary>
internal static unsafe class UnaryInstructions
{
    private interface IUnaryOperation
    {
        static abstract T Compute<T>(T value) where T : unmanaged, IBinaryInteger<T>;

        static abstract void SetFlags<T>(Vcpu cpu, T value, T result) where T : unmanaged, IBinaryInteger<T>;
    }

    public static void Register(HandlerTable table)
    {
        table.Add(Code.Inc_r16, &Reg<Increment, ushort>);
        table.Add(Code.Inc_r32, &Reg<Increment, uint>);
        table.Add(Code.Dec_r16, &Reg<Decrement, ushort>);
        table.Add(Code.Dec_r32, &Reg<Decrement, uint>);
        Enter<Increment>(table, Code.Inc_rm8, Code.Inc_rm16);
        Enter<Decrement>(table, Code.Dec_rm8, Code.Dec_rm16);
        Enter<Not>(table, Code.Not_rm8, Code.Not_rm16);
        Enter<Negate>(table, Code.Neg_rm8, Code.Neg_rm16);
    }

    private static void Enter<TOperation>(HandlerTable table, Code bytes, Code words) where TOperation : struct, IUnaryOperation
    {
        table.Add(bytes, &Reg<TOperation, byte>, &Mem<TOperation, byte>);
        table.Add(words, &Reg<TOperation, ushort>, &Mem<TOperation, ushort>);
        table.Add(words + 1, &Reg<TOperation, uint>, &Mem<TOperation, uint>);
        table.Add(words + 2, &Reg<TOperation, ulong>, &Mem<TOperation, ulong>);
    }

    private static Status Reg<TOperation, T>(Vcpu cpu, Op* op)
        where TOperation : struct, IUnaryOperation where T : unmanaged, IBinaryInteger<T>
    {
        var value = cpu.Reg<T>(op->Reg0);
        var result = TOperation.Compute(value);
        cpu.SetReg(op->Reg0, result);
        TOperation.SetFlags(cpu, value, result);
        return Status.Next;
    }

    private static Status Mem<TOperation, T>(Vcpu cpu, Op* op)
        where TOperation : struct, IUnaryOperation where T : unmanaged, IBinaryInteger<T>
    {
        if (!cpu.BeginUpdate(op, out T value, out var target))
            return cpu.FaultOrExit;
        var result = TOperation.Compute(value);
        if (op->Is(OpFlags.Lock) && cpu.IsInRam(target))
        {
            while (!cpu.TryReplace(target, ref value, result))
                result = TOperation.Compute(value);
        }
        else if (!cpu.FinishUpdate(target, result))
        {
            return cpu.FaultOrExit;
        }
        TOperation.SetFlags(cpu, value, result);
        return Status.Next;
    }

    private readonly struct Increment : IUnaryOperation
    {
        public static T Compute<T>(T value) where T : unmanaged, IBinaryInteger<T> => value + T.One;

        public static void SetFlags<T>(Vcpu cpu, T value, T result) where T : unmanaged, IBinaryInteger<T> =>
            cpu.SetFlagsButCarry(value, T.One, result, subtract: false);
    }

    private readonly struct Decrement : IUnaryOperation
    {
        public static T Compute<T>(T value) where T : unmanaged, IBinaryInteger<T> => value - T.One;

        public static void SetFlags<T>(Vcpu cpu, T value, T result) where T : unmanaged, IBinaryInteger<T> =>
            cpu.SetFlagsButCarry(value, T.One, result, subtract: true);
    }

    private readonly struct Not : IUnaryOperation
    {
        public static T Compute<T>(T value) where T : unmanaged, IBinaryInteger<T> => ~value;

        public static void SetFlags<T>(Vcpu cpu, T value, T result) where T : unmanaged, IBinaryInteger<T>
        {
        }
    }

    private readonly struct Negate : IUnaryOperation
    {
        public static T Compute<T>(T value) where T : unmanaged, IBinaryInteger<T> => T.Zero - value;

        public static void SetFlags<T>(Vcpu cpu, T value, T result) where T : unmanaged, IBinaryInteger<T> =>
            cpu.SetSubtractFlags(T.Zero, value, result);
    }
}
