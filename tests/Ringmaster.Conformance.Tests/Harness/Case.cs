using Iced.Intel;

namespace Ringmaster.Conformance.Tests.Harness;

/// <summary>
/// One row of a table: what is executed from which state, and what must come of it. Without a fault, a handler or another
/// ending, the code must run to the mark behind it, unless it ends in a branch: then to any mark.
/// </summary>
/// <param name="Name">The behaviour, as a sentence.</param>
/// <param name="Mode">The state to start in.</param>
/// <param name="Code">The instructions.</param>
internal sealed record Case(string Name, GuestMode Mode, Action<Assembler> Code)
{
    /// <summary>Whether the CPU is one of Intel's; of AMD's otherwise.</summary>
    public bool Intel { get; init; }

    /// <summary>Whether the CPU has 57-bit linear addresses. Five-level modes have them in any case.</summary>
    public bool Wide { get; init; }

    /// <summary>Registers before.</summary>
    public ulong Rax { get; init; }

    /// <summary>Registers before.</summary>
    public ulong Rcx { get; init; }

    /// <summary>Registers before.</summary>
    public ulong Rdx { get; init; }

    /// <summary>Other changes to the state or to memory before.</summary>
    public Action<Guest>? Given { get; init; }

    /// <summary>An external interrupt that waits to be taken.</summary>
    public byte? Interrupt { get; init; }

    /// <summary>See <see cref="Ringmaster.Cpu.IVirtualCpu.TaskPriorityThreshold"/>.</summary>
    public byte TaskPriorityThreshold { get; init; }

    /// <summary>An NMI that waits to be taken.</summary>
    public bool Nmi { get; init; }

    /// <summary>The exception that the last instruction raises, with its RIP and with <see cref="Error"/> pushed.</summary>
    public Vector? Fault { get; init; }

    /// <summary>The exception's error code; null for none.</summary>
    public uint? Error { get; init; }

    /// <summary>The RIP that the exception pushes, if it is not that of the last instruction.</summary>
    public Func<Guest, ulong>? At { get; init; }

    /// <summary>The vector whose handler is reached, when it is no fault of the last instruction.</summary>
    public int? Handler { get; init; }

    /// <summary>Where a branch lands.</summary>
    public ulong? Lands { get; init; }

    /// <summary>The case ends in a halt or shutdown.</summary>
    public Ending? Ends { get; init; }

    /// <summary>What else must hold afterwards.</summary>
    public Action<Guest>? Then { get; init; }
}
