namespace Ringmaster.Control;

/// <summary>What a VM has done so far.</summary>
/// <param name="RunningSeconds">For how long it has run.</param>
/// <param name="Interrupts">Interrupts delivered to its vCPUs.</param>
/// <param name="Exits">VM exits by kind.</param>
/// <param name="Engine">What the engine counts.</param>
public sealed record VmStatistics(double RunningSeconds, long Interrupts, IReadOnlyDictionary<string, long> Exits, IReadOnlyDictionary<string, long> Engine);
