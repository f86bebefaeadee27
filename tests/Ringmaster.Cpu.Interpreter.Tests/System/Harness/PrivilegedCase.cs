using Iced.Intel;
using Vector = Ringmaster.Cpu.Interpreter.Execution.Vector;

namespace Ringmaster.Cpu.Interpreter.Tests.Privileged.Harness;

/// <summary>One row of a table: what is executed from which state, and what must come of it.</summary>
/// <param name="Name">The behaviour, as a sentence.</param>
/// <param name="Mode">The state to start in.</param>
/// <param name="Code">The instructions.</param>
internal sealed record PrivilegedCase(string Name, GuestMode Mode, Action<Assembler> Code)
{
    /// <summary>Whether the CPU is one of Intel's; of AMD's otherwise.</summary>
    public bool Intel { get; init; }

    /// <summary>Registers before.</summary>
    public ulong Rax { get; init; }

    /// <summary>Registers before.</summary>
    public ulong Rcx { get; init; }

    /// <summary>Registers before.</summary>
    public ulong Rdx { get; init; }

    /// <summary>Other changes to the state or to memory before.</summary>
    public Action<PrivilegedMachine>? Given { get; init; }

    /// <summary>The exception that the last instruction raises; null for none.</summary>
    public Vector? Fault { get; init; }

    /// <summary>The exception's error code; null for none.</summary>
    public uint? Error { get; init; }

    /// <summary>How many instructions are executed; by default as many as the code has.</summary>
    public int? Steps { get; init; }

    /// <summary>Delivers the exception too, so that <see cref="Then"/> sees the handler's state.</summary>
    public bool Deliver { get; init; }

    /// <summary>What else must hold afterwards.</summary>
    public Action<PrivilegedMachine>? Then { get; init; }
}
