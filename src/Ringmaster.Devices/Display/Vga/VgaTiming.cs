namespace Ringmaster.Devices.Display.Vga;

/// <summary>Where the beam is: the retraces and frames that a VGA's CRT controller makes of its dot clock.</summary>
/// <param name="registers">The VGA's registers.</param>
internal sealed class VgaTiming(VgaRegisters registers)
{
    private const byte DisplayDisabled = 0x01, VerticalRetrace = 0x08;
    private const long LowClockKilohertz = 25_175, HighClockKilohertz = 28_322, NanosecondsPerKilohertzDot = 1_000_000;

    // 640x480 at 60 Hz, for registers that make no picture: a guest that waits for a retrace must see it come and go.
    private const long FallbackLine = 31_778;
    private const int FallbackLines = 525, FallbackShown = 480, FallbackRetrace = 490;

    private int CharacterWidth => registers.HasEightDots ? 8 : 9;

    private bool IsSensible =>
        registers.LineCount <= registers.RetraceStart && registers.RetraceStart + registers.RetraceLength <= registers.VerticalTotal
        && registers.ColumnCount < registers.HorizontalTotal;

    /// <summary>Nanoseconds of a line.</summary>
    private long LineTime
    {
        get
        {
            if (!IsSensible)
                return FallbackLine;
            var clock = (registers.Miscellaneous & 0x0C) == 0x04 ? HighClockKilohertz : LowClockKilohertz;
            var dots = (long)registers.HorizontalTotal * CharacterWidth * (registers.HalvesDotClock ? 2 : 1);
            return dots * NanosecondsPerKilohertzDot / clock * (registers.HalvesLineClock ? 2 : 1);
        }
    }

    private int Lines => IsSensible ? registers.VerticalTotal : FallbackLines;

    /// <summary>The number of the frame shown at a time.</summary>
    /// <param name="now">Nanoseconds of the VM clock.</param>
    internal long Frame(long now) => now / (LineTime * Lines);

    /// <summary>The bits of input status register 1 that tell of the beam.</summary>
    /// <param name="now">Nanoseconds of the VM clock.</param>
    internal byte Status(long now)
    {
        var lineTime = LineTime;
        var inFrame = now % (lineTime * Lines);
        var line = inFrame / lineTime;
        var (shown, retrace, retraceEnd) = IsSensible
            ? (registers.LineCount, registers.RetraceStart, registers.RetraceStart + registers.RetraceLength)
            : (FallbackShown, FallbackRetrace, FallbackRetrace + 2);
        var inRetrace = line >= retrace && line < retraceEnd;
        // The horizontal share of a line that is shown is four fifths in all modes.
        var column = inFrame % lineTime;
        var isDark = line >= shown || column >= lineTime * 4 / 5;
        return (byte)((isDark ? DisplayDisabled : 0) | (inRetrace ? VerticalRetrace : 0));
    }
}
