namespace Ringmaster.Devices.Chipset.AcpiPm;

/// <summary>The power management timer's arithmetic: 3.579545 MHz against nanoseconds, exact (ACPI 6.5 4.8.2.1).</summary>
internal static class PmTimer
{
    /// <summary>Ticks per second.</summary>
    public const ulong Frequency = 3_579_545;

    private const ulong NanosecondsPerSecond = 1_000_000_000;

    /// <summary>Ticks since the VM clock's zero, not truncated to the register's width.</summary>
    public static ulong TicksAt(long nanoseconds) => (ulong)((UInt128)(ulong)nanoseconds * Frequency / NanosecondsPerSecond);

    /// <summary>The earliest time at which <see cref="TicksAt"/> gives <paramref name="ticks"/>.</summary>
    public static long TimeOf(ulong ticks)
    {
        var time = ((UInt128)ticks * NanosecondsPerSecond + (Frequency - 1)) / Frequency;
        return time > long.MaxValue ? long.MaxValue : (long)time;
    }
}
