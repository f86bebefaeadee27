using Ringmaster.Cpu.Interpreter.Decoding;
using Ringmaster.Cpu.Interpreter.Execution;

namespace Ringmaster.Cpu.Interpreter.Instructions;

/// <summary>The checks behind <see cref="Guard"/>.</summary>
internal static unsafe class Guards
{
    /// <summary>The operation that checks a guard.</summary>
    public static delegate*<Vcpu, Op*, Status> HandlerOf(Guard guard) => guard switch
    {
        Guard.X87 or Guard.Fxsave => &X87,
        Guard.Wait => &Wait,
        Guard.Mmx => &Mmx,
        Guard.Sse => &Sse,
        Guard.Avx => &Avx,
        _ => &Xsave,
    };

    private static Status X87(Vcpu cpu, Op* op) =>
        (cpu.Cr0 & (Cr0Bits.Emulation | Cr0Bits.TaskSwitched)) != 0 ? cpu.Raise(Vector.DeviceNotAvailable) : Status.Next;

    private static Status Wait(Vcpu cpu, Op* op)
    {
        const ulong both = Cr0Bits.MonitorCoprocessor | Cr0Bits.TaskSwitched;
        return (cpu.Cr0 & both) == both ? cpu.Raise(Vector.DeviceNotAvailable) : Status.Next;
    }

    private static Status Mmx(Vcpu cpu, Op* op) =>
        (cpu.Cr0 & Cr0Bits.Emulation) != 0 ? cpu.RaiseInvalidOpcode() : TaskSwitched(cpu);

    private static Status Sse(Vcpu cpu, Op* op) =>
        (cpu.Cr0 & Cr0Bits.Emulation) != 0 || (cpu.Cr4 & Cr4Bits.OsFxsr) == 0 ? cpu.RaiseInvalidOpcode() : TaskSwitched(cpu);

    private static Status Avx(Vcpu cpu, Op* op)
    {
        const ulong sseAndAvx = 6;
        return (cpu.Cr4 & Cr4Bits.OsXsave) == 0 || (cpu.Xcr0 & sseAndAvx) != sseAndAvx || !cpu.IsProtectedNotVirtual
            ? cpu.RaiseInvalidOpcode() : TaskSwitched(cpu);
    }

    private static Status Xsave(Vcpu cpu, Op* op) =>
        (cpu.Cr4 & Cr4Bits.OsXsave) == 0 ? cpu.RaiseInvalidOpcode() : TaskSwitched(cpu);

    private static Status TaskSwitched(Vcpu cpu) =>
        (cpu.Cr0 & Cr0Bits.TaskSwitched) != 0 ? cpu.Raise(Vector.DeviceNotAvailable) : Status.Next;
}
