namespace Ringmaster.Devices.Chipset.IntervalTimer;

/// <summary>The saved state of a <see cref="Pit"/>.</summary>
/// <param name="Counters">The three counters.</param>
/// <param name="Line">The level of the timer's interrupt line.</param>
public sealed record PitState(PitCounterState[] Counters, bool Line);
