namespace Ringmaster.Cpu.Interpreter.FloatingPoint;

/// <summary>The angle of a point.</summary>
internal static class Arctangent
{
    private const int SeriesTerms = 22;

    /// <summary>The angle between 0 and pi of a point with positive ordinate; neither coordinate is zero.</summary>
    /// <param name="ordinate">y, its sign ignored.</param>
    /// <param name="abscissa">x.</param>
    public static Unpacked Angle(in Unpacked ordinate, in Unpacked abscissa)
    {
        var y = ordinate.Magnitude();
        var x = abscissa.Magnitude();
        var steep = y.Exponent != x.Exponent ? y.Exponent > x.Exponent : y.Significand > x.Significand;
        var angle = OfRatio(steep ? WideFloat.Divide(x, y) : WideFloat.Divide(y, x));
        if (steep)
            angle = WideFloat.Add(HalfPi, angle.Negated());
        return abscissa.Sign ? WideFloat.Add(WideFloat.Pi, angle.Negated()) : angle;
    }

    /// <summary>Half of pi.</summary>
    public static Unpacked HalfPi => new(FloatKind.Finite, false, 0, WideFloat.Pi.Significand);

    /// <summary>The arctangent of a value up to 1.</summary>
    private static Unpacked OfRatio(in Unpacked ratio)
    {
        // Take away the arctangent of the nearest multiple of one quarter; at most 1/8 is left for the series.
        var quarters = ratio.Exponent < -4 ? 0 : (int)(((ratio.Significand >> -ratio.Exponent) + (WideFloat.One >> 3)) >> 125);
        if (quarters == 0)
            return Series(ratio);
        var near = Unpacked.Normalize(false, 61, new UInt128((ulong)quarters, 0));
        var rest = WideFloat.Divide(
            WideFloat.Add(ratio, near.Negated()), WideFloat.Add(Unpacked.FromInteger(1), WideFloat.Multiply(ratio, near)));
        var known = quarters switch
        {
            1 => new Unpacked(FloatKind.Finite, false, -3, new UInt128(0xFADB_AFC9_6406_EB15, 0x6DC7_9EF5_F7A2_17E6)),
            2 => new Unpacked(FloatKind.Finite, false, -2, new UInt128(0xED63_382B_0DDA_7B45, 0x6FE4_45EC_BC3A_8D03)),
            3 => new Unpacked(FloatKind.Finite, false, -1, new UInt128(0xA4BC_7D19_34F7_0924, 0x19A8_7F2A_457D_AC9F)),
            _ => new Unpacked(FloatKind.Finite, false, -1, WideFloat.Pi.Significand),
        };
        return rest.IsZero ? known : WideFloat.Add(known, Series(rest));
    }

    /// <summary>r - r^3 / 3 + r^5 / 5 - ...</summary>
    private static Unpacked Series(in Unpacked ratio)
    {
        var square = WideFloat.Fraction(WideFloat.Multiply(ratio, ratio));
        var sum = WideFloat.One / (2 * SeriesTerms + 1);
        for (var k = SeriesTerms - 1; k >= 0; k--)
            sum = WideFloat.One / (2 * (uint)k + 1) - WideFloat.MultiplyHigh(square, sum);
        return WideFloat.Multiply(ratio, WideFloat.FromFixed(sum));
    }
}
