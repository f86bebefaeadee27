namespace Ringmaster.Bench.Monitors;

/// <summary>How a run of a monitor went.</summary>
/// <param name="Lines">The guest's console.</param>
/// <param name="Seconds">From the start of the command to its end.</param>
/// <param name="Failure">Why it is not what was wanted; null if it is.</param>
/// <param name="Refusal">Why the monitor cannot run such a guest; null if it can.</param>
internal sealed record MonitorOutcome(IReadOnlyList<ConsoleLine> Lines, double Seconds, string? Failure, string? Refusal);
