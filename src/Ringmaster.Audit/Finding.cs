namespace Ringmaster.Audit;

/// <summary>What came of an instruction at a level under an engine.</summary>
/// <param name="Level">The level.</param>
/// <param name="Expected">What the manual says; null where it leaves that to the model, or the engine's CPU has no such instruction.</param>
/// <param name="Seen">What came of it; null where it was not tried.</param>
public sealed record Finding(PrivilegeLevel Level, Expectation? Expected, Outcome? Seen)
{
    /// <summary>Whether the guest saw what the manual says.</summary>
    public bool IsFaithful => Expected is not { } expected || Seen is not { } seen || expected.Holds(seen);
}
