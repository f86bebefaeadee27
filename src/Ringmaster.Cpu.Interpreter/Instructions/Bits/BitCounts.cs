using System.Numerics;
using Iced.Intel;
using Ringmaster.Cpu.Interpreter.Decoding;
using Ringmaster.Cpu.Interpreter.Execution;
using Ringmaster.Cpu.Interpreter.Flags;

namespace Ringmaster.Cpu.Interpreter.Instructions.Bits;

/// <summary>POPCNT, LZCNT and TZCNT.</summary>
internal static unsafe class BitCounts
{
    public static void Register(HandlerTable table)
    {
        Enter<Population, ushort>(table, Code.Popcnt_r16_rm16);
        Enter<Population, uint>(table, Code.Popcnt_r32_rm32);
        Enter<Population, ulong>(table, Code.Popcnt_r64_rm64);
        Enter<LeadingZeros, ushort>(table, Code.Lzcnt_r16_rm16);
        Enter<LeadingZeros, uint>(table, Code.Lzcnt_r32_rm32);
        Enter<LeadingZeros, ulong>(table, Code.Lzcnt_r64_rm64);
        Enter<TrailingZeros, ushort>(table, Code.Tzcnt_r16_rm16);
        Enter<TrailingZeros, uint>(table, Code.Tzcnt_r32_rm32);
        Enter<TrailingZeros, ulong>(table, Code.Tzcnt_r64_rm64);
    }

    private static void Enter<TCount, T>(HandlerTable table, Code code)
        where TCount : struct, ICount
        where T : unmanaged, IBinaryInteger<T> =>
        table.Add(code, &FromRegister<TCount, T>, &FromMemory<TCount, T>);

    private static Status FromRegister<TCount, T>(Vcpu cpu, Op* op)
        where TCount : struct, ICount
        where T : unmanaged, IBinaryInteger<T>
    {
        Count<TCount, T>(cpu, op, cpu.Reg<T>(op->Reg1));
        return Status.Next;
    }

    private static Status FromMemory<TCount, T>(Vcpu cpu, Op* op)
        where TCount : struct, ICount
        where T : unmanaged, IBinaryInteger<T>
    {
        if (!cpu.Read<T>(op, out var source))
            return cpu.FaultOrExit;
        Count<TCount, T>(cpu, op, source);
        return Status.Next;
    }

    private static void Count<TCount, T>(Vcpu cpu, Op* op, T source)
        where TCount : struct, ICount
        where T : unmanaged, IBinaryInteger<T>
    {
        var count = TCount.Count(source);
        cpu.SetReg(op->Reg0, count);
        // CF says that the source is zero, ZF that the result is; POPCNT has ZF only, and clears the others.
        var zero = T.IsZero(count) ? Rflags.Zero : 0;
        cpu.SetStatus(TCount.ReportsZeroSource && T.IsZero(source) ? zero | Rflags.Carry : zero);
    }

    private interface ICount
    {
        static abstract bool ReportsZeroSource { get; }

        static abstract T Count<T>(T source) where T : unmanaged, IBinaryInteger<T>;
    }

    private struct Population : ICount
    {
        public static bool ReportsZeroSource => false;

        public static T Count<T>(T source) where T : unmanaged, IBinaryInteger<T> => T.PopCount(source);
    }

    private struct LeadingZeros : ICount
    {
        public static bool ReportsZeroSource => true;

        public static T Count<T>(T source) where T : unmanaged, IBinaryInteger<T> => T.LeadingZeroCount(source);
    }

    private struct TrailingZeros : ICount
    {
        public static bool ReportsZeroSource => true;

        public static T Count<T>(T source) where T : unmanaged, IBinaryInteger<T> => T.TrailingZeroCount(source);
    }
}
