namespace Ringmaster.Devices.Chipset.IntervalTimer;

/// <summary>
/// The counters' input clock, 1.193182 MHz: a twelfth of the 14.318 MHz crystal, which is 315/22 MHz, hence exactly 105/88 MHz.
/// Its pulses are numbered from the VM's time 0.
/// </summary>
internal static class PitClock
{
    private const long PulsesPerPeriod = 105, NanosecondsPerPeriod = 88_000;

    /// <summary>The number of the last pulse at or before a time.</summary>
    public static long PulseAt(long nanoseconds) =>
        (long)((UInt128)(ulong)Math.Max(0, nanoseconds) * (ulong)PulsesPerPeriod / (ulong)NanosecondsPerPeriod);

    /// <summary>The first nanosecond at which a pulse has happened; the furthest representable one if it lies beyond.</summary>
    public static long TimeOf(long pulse)
    {
        var time = ((UInt128)(ulong)Math.Max(0, pulse) * (ulong)NanosecondsPerPeriod + (ulong)(PulsesPerPeriod - 1)) / (ulong)PulsesPerPeriod;
        return time > long.MaxValue ? long.MaxValue : (long)time;
    }
}
