namespace Ringmaster.Devices.Chipset.Hpet;

/// <summary>Saved state of one of an HPET's timers.</summary>
/// <param name="Configuration">Low half of the configuration register.</param>
/// <param name="Comparator">The comparator: in periodic mode, the next match.</param>
/// <param name="Period">The last value written to the comparator.</param>
/// <param name="Message">The FSB interrupt route register.</param>
/// <param name="Alarm">VM clock time of the next match, or null.</param>
/// <param name="HoldsEdge">The wire of PIT or RTC is up since the last edge.</param>
public sealed record HpetTimerState(uint Configuration, ulong Comparator, ulong Period, ulong Message, long? Alarm, bool HoldsEdge);
