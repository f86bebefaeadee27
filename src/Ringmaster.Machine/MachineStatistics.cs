namespace Ringmaster.Machine;

/// <summary>What a machine has done so far.</summary>
/// <param name="Elapsed">Time the machine has run.</param>
/// <param name="Instructions">Guest instructions carried out, as far as the engine counts them; else 0.</param>
/// <param name="Interrupts">Interrupts delivered to vCPUs.</param>
/// <param name="Exits">VM exits by kind, for example <c>"port read"</c>.</param>
public sealed record MachineStatistics(
    TimeSpan Elapsed,
    long Instructions,
    long Interrupts,
    IReadOnlyDictionary<string, long> Exits)
{
    /// <summary>Nothing has happened yet.</summary>
    public static MachineStatistics None { get; } = new(TimeSpan.Zero, 0, 0, new Dictionary<string, long>());
}
