namespace Ringmaster.Cpu.Interpreter.FloatingPoint;

/// <summary>
/// Arithmetic on finite values with all 128 bits of the significand, for the transcendental functions. Results are good to
/// about 2^-126; series are evaluated in fixed point with 127 fraction bits.
/// </summary>
internal static class WideFloat
{
    /// <summary>1 in fixed point with 127 fraction bits.</summary>
    public static readonly UInt128 One = UInt128.One << 127;

    /// <summary>The value of pi.</summary>
    public static Unpacked Pi => new(FloatKind.Finite, false, 1, new UInt128(0xC90F_DAA2_2168_C234, 0xC4C6_628B_80DC_1CD1));

    /// <summary>The upper half of a product.</summary>
    public static UInt128 MultiplyHigh(UInt128 left, UInt128 right)
    {
        var (leftHigh, leftLow) = ((ulong)(left >> 64), (ulong)left);
        var (rightHigh, rightLow) = ((ulong)(right >> 64), (ulong)right);
        var low = Math.BigMul(leftLow, rightLow, out _);
        var high = Math.BigMul(leftHigh, rightHigh, out var highLow);
        var first = Math.BigMul(leftHigh, rightLow, out var firstLow);
        var second = Math.BigMul(leftLow, rightHigh, out var secondLow);
        var middle = (UInt128)low + firstLow + secondLow;
        return new UInt128(high, highLow) + first + second + (middle >> 64);
    }

    /// <summary>left * right.</summary>
    public static Unpacked Multiply(in Unpacked left, in Unpacked right) => left.IsZero || right.IsZero
        ? Unpacked.Zero(left.Sign != right.Sign)
        : Unpacked.Normalize(left.Sign != right.Sign, left.Exponent + right.Exponent + 1, MultiplyHigh(left.Significand, right.Significand));

    /// <summary>left / right, which is not zero.</summary>
    public static Unpacked Divide(in Unpacked left, in Unpacked right)
    {
        var sign = left.Sign != right.Sign;
        if (left.IsZero)
            return Unpacked.Zero(sign);
        var rest = left.Significand;
        var divisor = right.Significand;
        var quotient = UInt128.Zero;
        var carry = false;
        for (var i = 0; i < 128; i++)
        {
            quotient <<= 1;
            if (carry || rest >= divisor)
            {
                rest -= divisor;
                quotient |= 1;
            }
            carry = rest >> 127 != 0;
            rest <<= 1;
        }
        return Unpacked.Normalize(sign, left.Exponent - right.Exponent, quotient);
    }

    /// <summary>left + right.</summary>
    public static Unpacked Add(in Unpacked left, in Unpacked right)
    {
        var context = default(FloatContext);
        return SoftFloat.AddNumbers(left, right, ref context);
    }

    /// <summary>A magnitude below 1 in fixed point with 128 fraction bits.</summary>
    public static UInt128 Fraction(in Unpacked value) => 
        value.IsZero || value.Exponent < -128 ? 0 : value.Significand >> -(value.Exponent + 1);

    /// <summary>A fixed-point number with 127 fraction bits.</summary>
    public static Unpacked FromFixed(UInt128 value) => Unpacked.Normalize(false, 0, value);

    /// <summary>The value with its last bit set: no transcendental result is exact, and this one is not below what was computed.</summary>
    public static Unpacked Above(in Unpacked value) => value.Kind == FloatKind.Finite
        ? new Unpacked(FloatKind.Finite, value.Sign, value.Exponent, value.Significand | 1) : value;

    /// <summary>The next smaller magnitude: the true result is just below what was computed.</summary>
    public static Unpacked Below(in Unpacked value) => value.Kind == FloatKind.Finite
        ? Unpacked.Normalize(value.Sign, value.Exponent, value.Significand - 1) : value;
}
