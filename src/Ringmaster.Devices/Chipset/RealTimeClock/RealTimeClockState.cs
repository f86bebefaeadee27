namespace Ringmaster.Devices.Chipset.RealTimeClock;

/// <summary>The saved state of a <see cref="Mc146818"/>. Times are in ticks of 100 ns.</summary>
/// <param name="Index">The register that port 71h accesses, 0 to 127.</param>
/// <param name="NmiMasked">Bit 7 of port 70h.</param>
/// <param name="Cells">All 128 registers. Those of the time count only while the clock is stopped or being set.</param>
/// <param name="Offset">How far the guest's clock is ahead of UTC.</param>
/// <param name="WeekdayOffset">How many days the guest's weekday is ahead of the calendar's, 0 to 6.</param>
/// <param name="LastSeen">The guest's time up to which events have been noted in register C.</param>
public sealed record RealTimeClockState(
    byte Index,
    bool NmiMasked,
    byte[] Cells,
    long Offset,
    int WeekdayOffset,
    long LastSeen);
