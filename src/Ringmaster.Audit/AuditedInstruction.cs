using Iced.Intel;
using Ringmaster.Cpu.Models;
using Ringmaster.Cpu.State;

namespace Ringmaster.Audit;

/// <summary>
/// One instruction, what leads up to it, what makes its effect visible, and what the manual says of it. The code is 64-bit code and
/// the same for guests and for this host's user mode: RDI points to 64 bytes to write, the stack is good, and what it leaves in RAX is
/// the value that counts.
/// </summary>
/// <param name="Name">In the manual's spelling, with what is special.</param>
/// <param name="Kind">Why it is audited.</param>
/// <param name="Shows">What it shows or does, for people.</param>
/// <param name="Code">The instruction alone.</param>
public sealed record AuditedInstruction(string Name, InstructionKind Kind, string Shows, Action<Assembler> Code)
{
    /// <summary>What leads up to it; harmless at every level.</summary>
    public Action<Assembler>? Before { get; init; }

    /// <summary>What makes the effect visible in RAX.</summary>
    public Action<Assembler>? After { get; init; }

    /// <summary>Changes to the guest's state before it runs.</summary>
    public Action<CpuState>? Given { get; init; }

    /// <summary>A feature of the guest's CPU that it takes.</summary>
    public string? Needs { get; init; }

    /// <summary>What must come of it at CPL 3.</summary>
    public required Expectation User { get; init; }

    /// <summary>What must come of it at CPL 0; null where the manual leaves it to the model.</summary>
    public Expectation? Kernel { get; init; }

    /// <summary>The value that must be seen, where it depends on the guest's CPU.</summary>
    public Func<CpuidTable, ulong>? Value { get; init; }

    /// <summary>Whether CR4.UMIP makes it trap in user mode on this host, where Linux then makes a value up.</summary>
    public bool IsUnderUmip { get; init; }

    /// <summary>What must come of it.</summary>
    /// <param name="level">At which level.</param>
    /// <param name="cpu">On which CPU.</param>
    /// <returns>Null where the manual leaves it to the model.</returns>
    public Expectation? At(PrivilegeLevel level, CpuidTable cpu)
    {
        ArgumentNullException.ThrowIfNull(cpu);
        var expected = level == PrivilegeLevel.User ? User : Kernel;
        return Value is { } value && expected is { Outcome.Kind: OutcomeKind.Runs } known ? known with { Outcome = Outcome.Runs(value(cpu)) } : expected;
    }
}
