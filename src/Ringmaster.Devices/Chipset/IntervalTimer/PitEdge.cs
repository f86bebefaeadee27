namespace Ringmaster.Devices.Chipset.IntervalTimer;

/// <summary>A change of a counter's OUT pin.</summary>
/// <param name="Pulse">When, in input clock pulses.</param>
/// <param name="Rising">Whether OUT goes high. A rising edge may end a low strobe of one pulse that is not announced itself.</param>
internal readonly record struct PitEdge(long Pulse, bool Rising);
