namespace Ringmaster.Bench.Suite;

/// <summary>Something is not measured, for a good reason.</summary>
/// <param name="What">What.</param>
/// <param name="Reason">Why, and what to do.</param>
internal sealed record Skip(string What, string Reason)
{
    public override string ToString() => $"{What}: {Reason}";
}
