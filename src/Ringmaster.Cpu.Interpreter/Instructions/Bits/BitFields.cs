using System.Numerics;
using Iced.Intel;
using Ringmaster.Cpu.Interpreter.Decoding;
using Ringmaster.Cpu.Interpreter.Execution;

namespace Ringmaster.Cpu.Interpreter.Instructions.Bits;

/// <summary>ANDN, BLSI, BLSR, BLSMSK, BEXTR and BZHI: all clear OF, set ZF and SF by the result, and differ in CF.</summary>
internal static unsafe class BitFields
{
    public static void Register(HandlerTable table)
    {
        table.Add(Code.VEX_Andn_r32_r32_rm32, &AndNotRegister<uint>, &AndNotMemory<uint>);
        table.Add(Code.VEX_Andn_r64_r64_rm64, &AndNotRegister<ulong>, &AndNotMemory<ulong>);
        EnterLowest<Isolate, uint>(table, Code.VEX_Blsi_r32_rm32);
        EnterLowest<Isolate, ulong>(table, Code.VEX_Blsi_r64_rm64);
        EnterLowest<Reset, uint>(table, Code.VEX_Blsr_r32_rm32);
        EnterLowest<Reset, ulong>(table, Code.VEX_Blsr_r64_rm64);
        EnterLowest<Mask, uint>(table, Code.VEX_Blsmsk_r32_rm32);
        EnterLowest<Mask, ulong>(table, Code.VEX_Blsmsk_r64_rm64);
        table.Add(Code.VEX_Bextr_r32_rm32_r32, &ExtractRegister<uint>, &ExtractMemory<uint>);
        table.Add(Code.VEX_Bextr_r64_rm64_r64, &ExtractRegister<ulong>, &ExtractMemory<ulong>);
        table.Add(Code.VEX_Bzhi_r32_rm32_r32, &ZeroHighRegister<uint>, &ZeroHighMemory<uint>);
        table.Add(Code.VEX_Bzhi_r64_rm64_r64, &ZeroHighRegister<ulong>, &ZeroHighMemory<ulong>);
    }

    private static void EnterLowest<TOperation, T>(HandlerTable table, Code code)
        where TOperation : struct, ILowestBit
        where T : unmanaged, IBinaryInteger<T> =>
        table.Add(code, &LowestRegister<TOperation, T>, &LowestMemory<TOperation, T>);

    private static Status Finish<T>(Vcpu cpu, Op* op, T result, bool carry) where T : unmanaged, IBinaryInteger<T>
    {
        cpu.SetReg(op->Reg0, result);
        cpu.SetLogicFlags(result);
        cpu.CF = carry;
        return Status.Next;
    }

    private static Status AndNotRegister<T>(Vcpu cpu, Op* op) where T : unmanaged, IBinaryInteger<T> =>
        Finish(cpu, op, ~cpu.Reg<T>(op->Reg1) & cpu.Reg<T>(op->Reg2), false);

    private static Status AndNotMemory<T>(Vcpu cpu, Op* op) where T : unmanaged, IBinaryInteger<T> =>
        cpu.Read<T>(op, out var source) ? Finish(cpu, op, ~cpu.Reg<T>(op->Reg1) & source, false) : cpu.FaultOrExit;

    private static Status LowestRegister<TOperation, T>(Vcpu cpu, Op* op)
        where TOperation : struct, ILowestBit
        where T : unmanaged, IBinaryInteger<T> =>
        Lowest<TOperation, T>(cpu, op, cpu.Reg<T>(op->Reg1));

    private static Status LowestMemory<TOperation, T>(Vcpu cpu, Op* op)
        where TOperation : struct, ILowestBit
        where T : unmanaged, IBinaryInteger<T> =>
        cpu.Read<T>(op, out var source) ? Lowest<TOperation, T>(cpu, op, source) : cpu.FaultOrExit;

    private static Status Lowest<TOperation, T>(Vcpu cpu, Op* op, T source)
        where TOperation : struct, ILowestBit
        where T : unmanaged, IBinaryInteger<T> =>
        Finish(cpu, op, TOperation.Apply(source), T.IsZero(source) != TOperation.CarryMeansNotZero);

    private static Status ExtractRegister<T>(Vcpu cpu, Op* op) where T : unmanaged, IBinaryInteger<T> =>
        Extract(cpu, op, cpu.Reg<T>(op->Reg1));

    private static Status ExtractMemory<T>(Vcpu cpu, Op* op) where T : unmanaged, IBinaryInteger<T> =>
        cpu.Read<T>(op, out var source) ? Extract(cpu, op, source) : cpu.FaultOrExit;

    private static Status Extract<T>(Vcpu cpu, Op* op, T source) where T : unmanaged, IBinaryInteger<T>
    {
        var control = cpu.Reg<ushort>(op->Reg2);
        var (start, length) = (control & 0xFF, control >> 8);
        var bits = sizeof(T) * 8;
        var result = start >= bits ? T.Zero : source >>> start;
        if (length < bits)
            result &= (T.One << length) - T.One;
        return Finish(cpu, op, result, false);
    }

    private static Status ZeroHighRegister<T>(Vcpu cpu, Op* op) where T : unmanaged, IBinaryInteger<T> =>
        ZeroHigh(cpu, op, cpu.Reg<T>(op->Reg1));

    private static Status ZeroHighMemory<T>(Vcpu cpu, Op* op) where T : unmanaged, IBinaryInteger<T> =>
        cpu.Read<T>(op, out var source) ? ZeroHigh(cpu, op, source) : cpu.FaultOrExit;

    private static Status ZeroHigh<T>(Vcpu cpu, Op* op, T source) where T : unmanaged, IBinaryInteger<T>
    {
        var from = (int)cpu.Reg<byte>(op->Reg2);
        var beyond = from >= sizeof(T) * 8;
        return Finish(cpu, op, beyond ? source : source & ((T.One << from) - T.One), beyond);
    }

    private interface ILowestBit
    {
        /// <summary>CF is set for a source other than zero (BLSI) rather than for zero.</summary>
        static abstract bool CarryMeansNotZero { get; }

        static abstract T Apply<T>(T source) where T : unmanaged, IBinaryInteger<T>;
    }

    private struct Isolate : ILowestBit
    {
        public static bool CarryMeansNotZero => true;

        public static T Apply<T>(T source) where T : unmanaged, IBinaryInteger<T> => source & (~source + T.One);
    }

    private struct Reset : ILowestBit
    {
        public static bool CarryMeansNotZero => false;

        public static T Apply<T>(T source) where T : unmanaged, IBinaryInteger<T> => source & (source - T.One);
    }

    private struct Mask : ILowestBit
    {
        public static bool CarryMeansNotZero => false;

        public static T Apply<T>(T source) where T : unmanaged, IBinaryInteger<T> => source ^ (source - T.One);
    }
}
