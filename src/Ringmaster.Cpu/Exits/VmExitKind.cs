namespace Ringmaster.Cpu.Exits;

/// <summary>Why a vCPU stopped executing.</summary>
public enum VmExitKind
{
    /// <summary>It was asked to stop (<see cref="IVirtualCpu.Kick"/>), or its time slice is over.</summary>
    Kicked,

    /// <summary>It can take an external interrupt now, as was asked for.</summary>
    InterruptWindow,

    /// <summary>IN. Answer with <see cref="ExitAnswer.Value"/>.</summary>
    PortRead,

    /// <summary>OUT. Answer with <see cref="ExitAnswer.Done"/>.</summary>
    PortWrite,

    /// <summary>A load from outside RAM. Answer with <see cref="ExitAnswer.Value"/>.</summary>
    MmioRead,

    /// <summary>A store outside RAM. Answer with <see cref="ExitAnswer.Done"/>.</summary>
    MmioWrite,

    /// <summary>RDMSR of a register that is not the engine's. Answer with a value or <see cref="ExitAnswer.GeneralProtection"/>.</summary>
    MsrRead,

    /// <summary>WRMSR of a register that is not the engine's. Answer with done or <see cref="ExitAnswer.GeneralProtection"/>.</summary>
    MsrWrite,

    /// <summary>The guest has written less to CR8 than the threshold; the local APIC's task priority follows.</summary>
    TaskPriority,

    /// <summary>
    /// The guest has ended an interrupt that an I/O APIC's level-triggered input has asked for, at a local APIC that is the engine's.
    /// </summary>
    EndOfInterrupt,

    /// <summary>HLT with nothing to wake it. The vCPU reports it again until an event wakes it.</summary>
    Halt,

    /// <summary>
    /// MWAIT with nothing to wake it. Entering the vCPU ends the wait, which it may at any time (SDM 3A 9.10.4). The engine does not
    /// see the store that should: it is to be entered again soon even if there is no event for it.
    /// </summary>
    Wait,

    /// <summary>A triple fault, or something else that the engine cannot go on with; then <see cref="IVirtualCpu.Failure"/> says what.</summary>
    Shutdown,

    /// <summary>The guest stands on a breakpoint of the debugger, or a single step is done.</summary>
    Debug,
}
