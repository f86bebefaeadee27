namespace Ringmaster.Bench.Suite;

/// <summary>Geometric means over groups of programs.</summary>
/// <param name="Title">What they are taken over.</param>
/// <param name="Groups">The groups.</param>
/// <param name="Programs">How many programs these have.</param>
/// <param name="Results">One for each setting, in their order.</param>
internal sealed record MeanReport(string Title, IReadOnlyList<string> Groups, int Programs, IReadOnlyList<MeanResult> Results);
