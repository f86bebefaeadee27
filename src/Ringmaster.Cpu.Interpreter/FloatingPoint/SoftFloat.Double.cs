namespace Ringmaster.Cpu.Interpreter.FloatingPoint;

/// <summary>Double-precision operations, as SSE and AVX define them.</summary>
internal static partial class SoftFloat
{
    /// <summary>a + b.</summary>
    public static ulong Add64(ulong a, ulong b, ref FloatContext context) =>
        Round64(Add(Open64(a, context), Open64(b, context), ref context), ref context);

    /// <summary>a - b.</summary>
    public static ulong Sub64(ulong a, ulong b, ref FloatContext context) =>
        Round64(Subtract(Open64(a, context), Open64(b, context), ref context), ref context);

    /// <summary>a * b.</summary>
    public static ulong Mul64(ulong a, ulong b, ref FloatContext context) =>
        Round64(Multiply(Open64(a, context), Open64(b, context), ref context), ref context);

    /// <summary>a / b.</summary>
    public static ulong Div64(ulong a, ulong b, ref FloatContext context) =>
        Round64(Divide(Open64(a, context), Open64(b, context), ref context), ref context);

    /// <summary>The square root.</summary>
    public static ulong Sqrt64(ulong a, ref FloatContext context) => Round64(SquareRoot(Open64(a, context), ref context), ref context);

    /// <summary>a * b + c, rounded once.</summary>
    /// <param name="a">First factor; its NaN comes first.</param>
    /// <param name="b">Second factor; its NaN comes second.</param>
    /// <param name="c">Addend.</param>
    /// <param name="negateProduct">Compute -(a * b) + c (VFNMADD).</param>
    /// <param name="negateAddend">Compute a * b - c (VFMSUB). NaNs keep their signs in both cases.</param>
    /// <param name="context">The context.</param>
    public static ulong Fma64(ulong a, ulong b, ulong c, bool negateProduct, bool negateAddend, ref FloatContext context)
    {
        var left = Open64(a, context);
        var addend = Open64(c, context);
        if (negateProduct && !left.IsNan)
            left = left.Negated();
        if (negateAddend && !addend.IsNan)
            addend = addend.Negated();
        return Round64(MultiplyAdd(left, Open64(b, context), addend, ref context), ref context);
    }

    /// <summary>MINSS and kin: the second operand unless the first is less; with a NaN the second, and invalid.</summary>
    public static ulong Min64(ulong a, ulong b, ref FloatContext context) =>
        Select64(a, b, FloatRelation.Less, ref context);

    /// <summary>MAXSS and kin: the second operand unless the first is greater; with a NaN the second, and invalid.</summary>
    public static ulong Max64(ulong a, ulong b, ref FloatContext context) =>
        Select64(a, b, FloatRelation.Greater, ref context);

    /// <summary>Compares; <paramref name="quiet"/> as in <see cref="Compare(in Unpacked, in Unpacked, bool, ref FloatContext)"/>.</summary>
    public static FloatRelation Compare64(ulong a, ulong b, bool quiet, ref FloatContext context) =>
        Compare(Open64(a, context), Open64(b, context), quiet, ref context);

    /// <summary>Rounds to an integer in floating point (ROUNDSS): no denormal exception (SDM 2B ROUNDSS).</summary>
    public static ulong RoundToInteger64(ulong a, FloatRounding rounding, bool suppressInexact, ref FloatContext context)
    {
        var value = Open64(a, context);
        return Round64(value.IsNan ? PropagateNan(value, ref context) : RoundToInteger(value, rounding, suppressInexact, ref context),
            ref context);
    }

    /// <summary>Converts to a signed integer of 32 or 64 bits: no denormal exception (SDM 2A CVTSS2SI).</summary>
    public static long ToInteger64(ulong a, int bits, FloatRounding rounding, ref FloatContext context) =>
        ToInteger(Open64(a, context), bits, rounding, ref context);

    /// <summary>Converts a signed integer.</summary>
    public static ulong FromInteger64(long value, ref FloatContext context) => Round64(Unpacked.FromInteger(value), ref context);

    /// <summary>Takes an operand apart as the context's DAZ demands.</summary>
    public static Unpacked Open64(ulong bits, in FloatContext context) => Unpack64(bits, context.DenormalsAreZero);

    private static ulong Select64(ulong a, ulong b, FloatRelation firstIf, ref FloatContext context)
    {
        var (left, right) = (Open64(a, context), Open64(b, context));
        var chosen = Compare(left, right, quiet: false, ref context) == firstIf;
        // With DAZ a denormal result is the zero that it was taken for.
        var (bits, value) = chosen ? (a, left) : (b, right);
        return value.IsZero ? bits & (1UL << 63) : bits;
    }
}
