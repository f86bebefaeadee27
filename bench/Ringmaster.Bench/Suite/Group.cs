namespace Ringmaster.Bench.Suite;

/// <summary>Figures of one kind.</summary>
/// <param name="Name">As in --only.</param>
/// <param name="Title">As in the report.</param>
internal sealed record Group(string Name, string Title);
