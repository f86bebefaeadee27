using System.Collections.Immutable;

namespace Ringmaster.Devices.Chipset.Hpet;

/// <summary>An HPET's saved state.</summary>
/// <param name="Configuration">The general configuration register.</param>
/// <param name="Status">The general interrupt status register.</param>
/// <param name="Counter">The main counter at <paramref name="CountedFrom"/>.</param>
/// <param name="CountedFrom">VM clock time, nanoseconds.</param>
/// <param name="Timers">The comparators.</param>
/// <param name="Pit">Level that the PIT drives.</param>
/// <param name="Rtc">Level that the RTC drives.</param>
public sealed record HpetState(
    uint Configuration, uint Status, ulong Counter, long CountedFrom, ImmutableArray<HpetTimerState> Timers, bool Pit, bool Rtc);
