namespace Ringmaster.Audit;

/// <summary>What the manual says must come of an instruction.</summary>
/// <param name="Outcome">What must happen; a value counts in the bits of the mask.</param>
/// <param name="Mask">The bits of the value that the manual defines.</param>
public readonly record struct Expectation(Outcome Outcome, ulong Mask = ulong.MaxValue)
{
    /// <summary>Whether an outcome is the one.</summary>
    public bool Holds(Outcome seen) => seen with { Value = seen.Value & Mask } == Outcome;

    /// <inheritdoc/>
    public override string ToString() => Outcome.Kind == OutcomeKind.Runs && Mask == 0 ? "runs" : Outcome.ToString();
}
