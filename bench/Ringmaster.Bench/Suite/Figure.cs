namespace Ringmaster.Bench.Suite;

/// <summary>Something that is measured in several settings and rounds.</summary>
/// <param name="Name">Its name.</param>
/// <param name="Group">Its group's name.</param>
/// <param name="Unit">ns/operation, s, MiB, cycles, or x for a ratio.</param>
/// <param name="About">One line for people.</param>
internal sealed record Figure(string Name, string Group, string Unit, string About);
