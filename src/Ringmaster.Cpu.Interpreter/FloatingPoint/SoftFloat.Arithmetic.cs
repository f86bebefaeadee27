namespace Ringmaster.Cpu.Interpreter.FloatingPoint;

/// <summary>
/// IEEE arithmetic in integers, exact before its one rounding. The operations here work on unpacked values and return what
/// <see cref="Rounder"/> then rounds to the destination's format; the members that end in 32 or 64 do both.
/// </summary>
/// <remarks>
/// Order of findings (SDM 1 4.9.2): NaNs, other invalid operations and division by zero, denormal operands, then those of
/// rounding.
/// </remarks>
internal static partial class SoftFloat
{
    /// <summary>left + right.</summary>
    public static Unpacked Add(in Unpacked left, in Unpacked right, ref FloatContext context)
    {
        if (left.IsNanOrUnsupported || right.IsNanOrUnsupported)
            return PropagateNan(left, right, ref context);
        return AddNumbers(left, right, ref context);
    }

    /// <summary>left - right.</summary>
    public static Unpacked Subtract(in Unpacked left, in Unpacked right, ref FloatContext context)
    {
        if (left.IsNanOrUnsupported || right.IsNanOrUnsupported)
            return PropagateNan(left, right, ref context);
        return AddNumbers(left, right.Negated(), ref context);
    }

    /// <summary>left * right.</summary>
    public static Unpacked Multiply(in Unpacked left, in Unpacked right, ref FloatContext context)
    {
        if (left.IsNanOrUnsupported || right.IsNanOrUnsupported)
            return PropagateNan(left, right, ref context);
        if ((left.IsInfinity && right.IsZero) || (left.IsZero && right.IsInfinity))
            return Invalid(ref context);
        RaiseDenormal(left, right, ref context);
        return Product(left, right);
    }

    /// <summary>left / right.</summary>
    public static Unpacked Divide(in Unpacked left, in Unpacked right, ref FloatContext context)
    {
        if (left.IsNanOrUnsupported || right.IsNanOrUnsupported)
            return PropagateNan(left, right, ref context);
        var sign = left.Sign != right.Sign;
        if ((left.IsInfinity && right.IsInfinity) || (left.IsZero && right.IsZero))
            return Invalid(ref context);
        if (right.IsZero && left.Kind == FloatKind.Finite)
        {
            context.Raise(FloatExceptions.DivideByZero);
            return Unpacked.Infinity(sign);
        }
        RaiseDenormal(left, right, ref context);
        if (left.IsInfinity || right.IsZero)
            return Unpacked.Infinity(sign);
        if (left.IsZero || right.IsInfinity)
            return Unpacked.Zero(sign);

        var dividend = left.High;
        var divisor = right.High;
        var exponent = left.Exponent - right.Exponent;
        // The quotient of the significands is in (1/2, 2): 64 bits of it, then one more bit and the rest as sticky.
        UInt128 numerator;
        if (dividend >= divisor)
        {
            numerator = new UInt128(dividend >> 1, dividend << 63);
        }
        else
        {
            numerator = new UInt128(dividend, 0);
            exponent--;
        }
        var quotient = (ulong)(numerator / divisor);
        var remainder = (ulong)(numerator - (UInt128)quotient * divisor);
        return new Unpacked(FloatKind.Finite, sign, exponent, new UInt128(quotient, HalfAndSticky(remainder, divisor)));
    }

    /// <summary>The square root.</summary>
    public static Unpacked SquareRoot(in Unpacked value, ref FloatContext context)
    {
        if (value.IsNanOrUnsupported)
            return PropagateNan(value, ref context);
        if (value.IsZero)
            return value;
        if (value.Sign)
            return Invalid(ref context);
        if (value.IsInfinity)
            return value;
        if (value.IsDenormal)
            context.Raise(FloatExceptions.Denormal);

        // The significand as N / 2^126 or N / 2^127, so that the exponent left over is even; root / 2^63 is then in [1, 2).
        var odd = (value.Exponent & 1) != 0;
        var radicand = odd ? value.Significand : value.Significand >> 1;
        var root = IntegerSquareRoot(radicand);
        var remainder = radicand - (UInt128)root * root;
        var low = (remainder > root ? 1UL << 63 : 0) | (remainder != 0 ? 1UL : 0);
        return new Unpacked(FloatKind.Finite, false, value.Exponent >> 1, new UInt128(root, low));
    }

    /// <summary>left * right + addend with one rounding, for single and double precision.</summary>
    /// <remarks>With several NaNs the first of left, right, addend counts; callers order operands as their form demands.</remarks>
    public static Unpacked MultiplyAdd(in Unpacked left, in Unpacked right, in Unpacked addend, ref FloatContext context)
    {
        if (left.IsNan || right.IsNan)
        {
            if (addend.Kind == FloatKind.SignalingNan)
                context.Raise(FloatExceptions.Invalid);
            return PropagateNan(left, right, ref context);
        }
        // A NaN addend wins over infinity times zero, which then raises nothing (SDM 1 14.5.2).
        if (addend.IsNan)
            return PropagateNan(addend, ref context);
        if ((left.IsInfinity && right.IsZero) || (left.IsZero && right.IsInfinity))
            return Invalid(ref context);
        var product = Product(left, right);
        if (product.IsInfinity && addend.IsInfinity && product.Sign != addend.Sign)
            return Invalid(ref context);
        RaiseDenormal(left, right, ref context);
        return AddNumbers(product, addend, ref context);
    }

    private static Unpacked Product(in Unpacked left, in Unpacked right)
    {
        var sign = left.Sign != right.Sign;
        if (left.IsInfinity || right.IsInfinity)
            return Unpacked.Infinity(sign);
        if (left.IsZero || right.IsZero)
            return Unpacked.Zero(sign);
        var high = Math.BigMul(left.High, right.High, out var low);
        var product = new UInt128(high, low);
        var exponent = left.Exponent + right.Exponent + 1;
        return (long)high < 0
            ? new Unpacked(FloatKind.Finite, sign, exponent, product)
            : new Unpacked(FloatKind.Finite, sign, exponent - 1, product << 1);
    }

    /// <summary>
    /// Adds two values that are no NaNs. Exact but for the sticky bit: operands whose exponents differ by at most one must have
    /// a spare zero bit at the bottom.
    /// </summary>
    internal static Unpacked AddNumbers(in Unpacked left, in Unpacked right, ref FloatContext context)
    {
        if (left.IsInfinity && right.IsInfinity && left.Sign != right.Sign)
            return Invalid(ref context);
        RaiseDenormal(left, right, ref context);
        if (left.IsInfinity)
            return left;
        if (right.IsInfinity)
            return right;
        if (right.IsZero)
            return left.IsZero && left.Sign != right.Sign ? Unpacked.Zero(context.Rounding == FloatRounding.Down) : left;
        if (left.IsZero)
            return right;

        var leftLarger = left.Exponent != right.Exponent ? left.Exponent > right.Exponent : left.Significand >= right.Significand;
        ref readonly var large = ref leftLarger ? ref left : ref right;
        ref readonly var small = ref leftLarger ? ref right : ref left;
        var aligned = Rounder.ShiftRightSticky(small.Significand, large.Exponent - small.Exponent);
        if (left.Sign == right.Sign)
        {
            var sum = large.Significand + aligned;
            return sum >= aligned
                ? new Unpacked(FloatKind.Finite, large.Sign, large.Exponent, sum)
                : new Unpacked(FloatKind.Finite, large.Sign, large.Exponent + 1, (sum >> 1) | (sum & 1) | (UInt128.One << 127));
        }
        var difference = large.Significand - aligned;
        return difference == 0
            ? Unpacked.Zero(context.Rounding == FloatRounding.Down)
            : Unpacked.Normalize(large.Sign, large.Exponent, difference);
    }

    private static void RaiseDenormal(in Unpacked left, in Unpacked right, ref FloatContext context)
    {
        if (left.IsDenormal || right.IsDenormal)
            context.Raise(FloatExceptions.Denormal);
    }

    /// <summary>The bits of a quotient below its last one: the next bit, and whether anything follows.</summary>
    private static ulong HalfAndSticky(ulong remainder, ulong divisor)
    {
        if (remainder == 0)
            return 0;
        var twice = (UInt128)remainder << 1;
        return twice < divisor ? 1UL : twice == divisor ? 1UL << 63 : (1UL << 63) | 1;
    }

    /// <summary>The square root, rounded down, of a number of at least 2^126.</summary>
    private static ulong IntegerSquareRoot(UInt128 value)
    {
        // The double's root is good to 52 bits; one Newton step makes it good to the last, give or take one.
        var estimate = Math.Sqrt((double)value);
        var root = estimate >= 18446744073709549568.0 ? ulong.MaxValue : (ulong)estimate;
        var next = ((UInt128)root + value / root) >> 1;
        root = next > ulong.MaxValue ? ulong.MaxValue : (ulong)next;
        while ((UInt128)root * root > value)
            root--;
        while (root != ulong.MaxValue && value - (UInt128)root * root > ((UInt128)root << 1))
            root++;
        return root;
    }
}
