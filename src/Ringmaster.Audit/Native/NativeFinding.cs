namespace Ringmaster.Audit.Native;

/// <summary>What came of an instruction on this host's processor in user mode.</summary>
/// <param name="Seen">What happened; null if the process ended or hung over it.</param>
/// <param name="IsMadeUp">Whether it trapped (CR4.UMIP) and the host's kernel put a value of its own in place of the system's.</param>
public sealed record NativeFinding(Outcome? Seen, bool IsMadeUp)
{
    /// <summary>Whether the processor told the system of it, so that a VMM there could have stepped in.</summary>
    public bool Traps => IsMadeUp || Seen is not { Kind: OutcomeKind.Runs };
}
