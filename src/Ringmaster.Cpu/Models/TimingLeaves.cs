namespace Ringmaster.Cpu.Models;

/// <summary>Leaves 15h and 16h: the rate of the time-stamp counter (SDM 2A CPUID, SDM 3B 18.7.3).</summary>
internal static class TimingLeaves
{
    public static void Add(CpuidEntries entries, uint maxBasicLeaf, ClockRates clocks)
    {
        if (maxBasicLeaf >= 0x15 && clocks.ApicTimerHertz is > 0 and <= uint.MaxValue)
        {
            var (numerator, denominator) = Ratio(clocks);
            if (numerator != 0)
                entries.Add(0x15, 0, new(denominator, numerator, (uint)clocks.ApicTimerHertz, 0));
        }
        if (maxBasicLeaf >= 0x16)
        {
            var megahertz = (uint)Math.Min((clocks.TscHertz + 500_000) / 1_000_000, 0xFFFF);
            entries.Add(0x16, 0, new(megahertz, megahertz, 100, 0));
        }
    }

    // The best fraction for TSC / crystal by continued fractions. Guests compute crystal kHz * numerator / denominator, some of
    // them in 32 bits, so the numerator is bounded by that product.
    private static (uint Numerator, uint Denominator) Ratio(ClockRates clocks)
    {
        var limit = uint.MaxValue / Math.Max(1, clocks.ApicTimerHertz / 1000);
        var (rest, divisor) = (clocks.TscHertz, clocks.ApicTimerHertz);
        (ulong previousNumerator, ulong numerator) = (0, 1);
        (ulong previousDenominator, ulong denominator) = (1, 0);
        while (divisor != 0)
        {
            var term = rest / divisor;
            (rest, divisor) = (divisor, rest % divisor);
            var nextNumerator = term * numerator + previousNumerator;
            var nextDenominator = term * denominator + previousDenominator;
            if (nextNumerator > limit || nextDenominator > uint.MaxValue)
                break;
            (previousNumerator, numerator) = (numerator, nextNumerator);
            (previousDenominator, denominator) = (denominator, nextDenominator);
        }
        return denominator == 0 ? (0, 0) : ((uint)numerator, (uint)denominator);
    }
}
