namespace Ringmaster.Cpu.Interpreter.FloatingPoint;

/// <summary>Powers and logarithms to base two.</summary>
internal static class Exponential
{
    private const int PowerTerms = 31, LogarithmTerms = 25;

    private static Unpacked Ln2 => new(FloatKind.Finite, false, -1, new UInt128(0xB172_17F7_D1CF_79AB, 0xC9E3_B398_03F2_F6AF));

    private static Unpacked TwoOverLn2 => new(FloatKind.Finite, false, 1, new UInt128(0xB8AA_3B29_5C17_F0BB, 0xBE87_FED0_691D_3E89));

    /// <summary>2^value - 1 for a value between -1 and 1, neither included, and not zero.</summary>
    public static Unpacked PowerLessOne(in Unpacked value)
    {
        // With t = value ln 2: t (1 + t/2 (1 + t/3 (1 + ...))).
        var exponent = WideFloat.Multiply(value, Ln2);
        var fraction = WideFloat.Fraction(exponent);
        var sum = WideFloat.One;
        for (var k = PowerTerms; k > 1; k--)
        {
            var term = WideFloat.MultiplyHigh(fraction, sum) / (uint)k;
            sum = value.Sign ? WideFloat.One - term : WideFloat.One + term;
        }
        return WideFloat.Multiply(exponent, WideFloat.FromFixed(sum));
    }

    /// <summary>The logarithm of a positive finite value; zero and powers of two come out exact.</summary>
    public static Unpacked Logarithm(in Unpacked value)
    {
        var exponent = value.Exponent;
        var significand = value.Significand;
        // To between sqrt(1/2) and sqrt(2).
        var upper = value.High > 0xB504_F333_F9DE_6484;
        if (upper)
            exponent++;
        var whole = Unpacked.FromInteger(exponent);
        if (significand == WideFloat.One)
            return whole;
        var ratio = upper
            ? WideFloat.Divide(Unpacked.Normalize(true, -1, 0 - significand), Unpacked.Normalize(false, 1, (WideFloat.One >> 1) + (significand >> 2)))
            : WideFloat.Divide(Unpacked.Normalize(false, 0, significand - WideFloat.One), Unpacked.Normalize(false, 1, (significand >> 1) + (WideFloat.One >> 1)));
        var fraction = FromRatio(ratio);
        return exponent == 0 ? fraction : WideFloat.Add(whole, fraction);
    }

    /// <summary>The logarithm of 1 + value, for a value above -1 that is not zero.</summary>
    public static Unpacked LogarithmOfOnePlus(in Unpacked value)
    {
        // Close to zero through the ratio, where nothing cancels; elsewhere 1 + value has bits enough.
        if (value.Exponent < -2)
            return FromRatio(WideFloat.Divide(value, WideFloat.Add(Unpacked.FromInteger(2), value)));
        return Logarithm(WideFloat.Add(Unpacked.FromInteger(1), value));
    }

    /// <summary>log2((1 + r) / (1 - r)) = 2 / ln 2 (r + r^3 / 3 + r^5 / 5 + ...).</summary>
    private static Unpacked FromRatio(in Unpacked ratio)
    {
        var square = WideFloat.Fraction(WideFloat.Multiply(ratio, ratio));
        var sum = WideFloat.One / (2 * LogarithmTerms + 1);
        for (var k = LogarithmTerms - 1; k >= 0; k--)
            sum = WideFloat.One / (2 * (uint)k + 1) + WideFloat.MultiplyHigh(square, sum);
        return WideFloat.Multiply(WideFloat.Multiply(ratio, WideFloat.FromFixed(sum)), TwoOverLn2);
    }
}
