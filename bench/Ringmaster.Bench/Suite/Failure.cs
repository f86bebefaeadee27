namespace Ringmaster.Bench.Suite;

/// <summary>Something did not work that should have.</summary>
/// <param name="Round">The round, from 1.</param>
/// <param name="Setting">Where.</param>
/// <param name="What">What, and what to do.</param>
internal sealed record Failure(int Round, string Setting, string What)
{
    public override string ToString() => $"round {Round}, {Setting}: {What}";
}
