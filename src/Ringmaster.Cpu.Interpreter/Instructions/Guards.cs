using Ringmaster.Cpu.Interpreter.Decoding;
using Ringmaster.Cpu.Interpreter.Execution;

namespace Ringmaster.Cpu.Interpreter.Instructions;

/// <summary>The checks behind <see cref="Guard"/>.</summary>
internal static unsafe class Guards
{
    /// <summary>The operation that checks a guard.</summary>
    public static delegate*<Vcpu, Op*, Status> HandlerOf(Guard guard) => guard switch
    {
        Guard.X87 => &Check<X87Rule>,
        Guard.Fxsave => &Check<X87Rule>,
        Guard.Wait => &Check<WaitRule>,
        Guard.Mmx => &Check<MmxRule>,
        Guard.Sse => &Check<SseRule>,
        Guard.Avx => &Check<AvxRule>,
        _ => &Check<XsaveRule>,
    };

    /// <summary>The guards that let their instructions pass at present, one bit each.</summary>
    public static uint PassedBy(Vcpu cpu)
    {
        var passed = Bit<X87Rule>(cpu, Guard.X87) | Bit<X87Rule>(cpu, Guard.Fxsave) | Bit<WaitRule>(cpu, Guard.Wait);
        return passed | Bit<MmxRule>(cpu, Guard.Mmx) | Bit<SseRule>(cpu, Guard.Sse) | Bit<AvxRule>(cpu, Guard.Avx) | Bit<XsaveRule>(cpu, Guard.Xsave);
    }

    private static uint Bit<TRule>(Vcpu cpu, Guard guard) where TRule : struct, IRule => TRule.Find(cpu) == null ? 1u << (int)guard : 0;

    private static Status Check<TRule>(Vcpu cpu, Op* op) where TRule : struct, IRule => TRule.Find(cpu) switch
    {
        null => Status.Next,
        Vector.InvalidOpcode => cpu.RaiseInvalidOpcode(),
        { } vector => cpu.Raise(vector),
    };

    private static Vector? IfTaskSwitched(Vcpu cpu) => (cpu.Cr0 & Cr0Bits.TaskSwitched) != 0 ? Vector.DeviceNotAvailable : null;

    private interface IRule
    {
        /// <summary>The exception that the instruction raises, or null.</summary>
        static abstract Vector? Find(Vcpu cpu);
    }

    private readonly struct X87Rule : IRule
    {
        public static Vector? Find(Vcpu cpu) =>
            (cpu.Cr0 & (Cr0Bits.Emulation | Cr0Bits.TaskSwitched)) != 0 ? Vector.DeviceNotAvailable : null;
    }

    private readonly struct WaitRule : IRule
    {
        private const ulong Both = Cr0Bits.MonitorCoprocessor | Cr0Bits.TaskSwitched;

        public static Vector? Find(Vcpu cpu) => (cpu.Cr0 & Both) == Both ? Vector.DeviceNotAvailable : null;
    }

    private readonly struct MmxRule : IRule
    {
        public static Vector? Find(Vcpu cpu) => (cpu.Cr0 & Cr0Bits.Emulation) != 0 ? Vector.InvalidOpcode : IfTaskSwitched(cpu);
    }

    private readonly struct SseRule : IRule
    {
        public static Vector? Find(Vcpu cpu) =>
            (cpu.Cr0 & Cr0Bits.Emulation) != 0 || (cpu.Cr4 & Cr4Bits.OsFxsr) == 0 ? Vector.InvalidOpcode : IfTaskSwitched(cpu);
    }

    private readonly struct AvxRule : IRule
    {
        private const ulong SseAndAvx = 6;

        public static Vector? Find(Vcpu cpu) =>
            (cpu.Cr4 & Cr4Bits.OsXsave) == 0 || (cpu.Xcr0 & SseAndAvx) != SseAndAvx || !cpu.IsProtectedNotVirtual
                ? Vector.InvalidOpcode : IfTaskSwitched(cpu);
    }

    private readonly struct XsaveRule : IRule
    {
        public static Vector? Find(Vcpu cpu) => (cpu.Cr4 & Cr4Bits.OsXsave) == 0 ? Vector.InvalidOpcode : IfTaskSwitched(cpu);
    }
}
