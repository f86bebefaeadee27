namespace Ringmaster.Cpu.Interpreter.FloatingPoint;

/// <summary>Sine and cosine of finite values below 2^63.</summary>
/// <remarks>
/// Processors reduce the argument with a pi of 66 bits (SDM 1 8.3.8), and so does this: with the true pi results would differ
/// in all digits for arguments close to its multiples. What follows the reduction is exact to far more than 64 bits.
/// </remarks>
internal static class Trigonometry
{
    private const int SeriesTerms = 17;

    // pi / 2 in units of 2^-65.
    private static readonly UInt128 s_halfPi = new(3, 0x243F_6A88_85A3_08D3);

    /// <summary>The largest exponent that is accepted.</summary>
    public const int MaxExponent = 62;

    /// <summary>Sine and cosine.</summary>
    public static (Unpacked Sine, Unpacked Cosine) SineAndCosine(in Unpacked angle)
    {
        var (rest, quadrant) = Reduce(angle);
        var square = WideFloat.Fraction(WideFloat.Multiply(rest, rest));
        var sine = WideFloat.Multiply(rest, WideFloat.FromFixed(Series(square, 1)));
        var cosine = WideFloat.FromFixed(Series(square, 0));
        var (first, second) = (quadrant & 1) == 0 ? (sine, cosine) : (cosine, sine.Negated());
        return (quadrant & 2) == 0 ? (first, second) : (first.Negated(), second.Negated());
    }

    /// <summary>The angle less the nearest multiple of pi / 2, and that multiple.</summary>
    private static (Unpacked Remainder, int Quadrant) Reduce(in Unpacked angle)
    {
        if (angle.Exponent < -2)
            return (angle, 0);
        var units = (UInt128)angle.High << (angle.Exponent + 2);
        var whole = units / s_halfPi;
        var rest = units - whole * s_halfPi;
        var negative = rest > s_halfPi >> 1;
        if (negative)
        {
            rest = s_halfPi - rest;
            whole++;
        }
        var quadrant = (int)(uint)(whole & 3);
        return (Unpacked.Normalize(negative != angle.Sign, 62, rest), angle.Sign ? -quadrant & 3 : quadrant);
    }

    /// <summary>1 - z / (2 3) + z^2 / (2 3 4 5) - ... for sine (offset 1), with 1 2, 3 4, ... for cosine (offset 0).</summary>
    private static UInt128 Series(UInt128 square, uint offset)
    {
        var sum = WideFloat.One;
        for (var k = SeriesTerms; k > 0; k--)
        {
            var divisor = (2 * (uint)k - 1 + offset) * (2 * (uint)k + offset);
            sum = WideFloat.One - WideFloat.MultiplyHigh(square, sum) / divisor;
        }
        return sum;
    }
}
