namespace Ringmaster.Cpu.Interpreter.FloatingPoint;

/// <summary>Single-precision operations, as SSE and AVX define them.</summary>
internal static partial class SoftFloat
{
    /// <summary>a + b.</summary>
    public static uint Add32(uint a, uint b, ref FloatContext context) =>
        Round32(Add(Open32(a, context), Open32(b, context), ref context), ref context);

    /// <summary>a - b.</summary>
    public static uint Sub32(uint a, uint b, ref FloatContext context) =>
        Round32(Subtract(Open32(a, context), Open32(b, context), ref context), ref context);

    /// <summary>a * b.</summary>
    public static uint Mul32(uint a, uint b, ref FloatContext context) =>
        Round32(Multiply(Open32(a, context), Open32(b, context), ref context), ref context);

    /// <summary>a / b.</summary>
    public static uint Div32(uint a, uint b, ref FloatContext context) =>
        Round32(Divide(Open32(a, context), Open32(b, context), ref context), ref context);

    /// <summary>The square root.</summary>
    public static uint Sqrt32(uint a, ref FloatContext context) => Round32(SquareRoot(Open32(a, context), ref context), ref context);

    /// <summary>a * b + c, rounded once.</summary>
    /// <param name="a">First factor; its NaN comes first.</param>
    /// <param name="b">Second factor; its NaN comes second.</param>
    /// <param name="c">Addend.</param>
    /// <param name="negateProduct">Compute -(a * b) + c (VFNMADD).</param>
    /// <param name="negateAddend">Compute a * b - c (VFMSUB). NaNs keep their signs in both cases.</param>
    /// <param name="context">The context.</param>
    public static uint Fma32(uint a, uint b, uint c, bool negateProduct, bool negateAddend, ref FloatContext context)
    {
        var left = Open32(a, context);
        var addend = Open32(c, context);
        if (negateProduct && !left.IsNan)
            left = left.Negated();
        if (negateAddend && !addend.IsNan)
            addend = addend.Negated();
        return Round32(MultiplyAdd(left, Open32(b, context), addend, ref context), ref context);
    }

    /// <summary>MINSS and kin: the second operand unless the first is less; with a NaN the second, and invalid.</summary>
    public static uint Min32(uint a, uint b, ref FloatContext context) =>
        Select32(a, b, FloatRelation.Less, ref context);

    /// <summary>MAXSS and kin: the second operand unless the first is greater; with a NaN the second, and invalid.</summary>
    public static uint Max32(uint a, uint b, ref FloatContext context) =>
        Select32(a, b, FloatRelation.Greater, ref context);

    /// <summary>Compares; <paramref name="quiet"/> as in <see cref="Compare(in Unpacked, in Unpacked, bool, ref FloatContext)"/>.</summary>
    public static FloatRelation Compare32(uint a, uint b, bool quiet, ref FloatContext context) =>
        Compare(Open32(a, context), Open32(b, context), quiet, ref context);

    /// <summary>Rounds to an integer in floating point (ROUNDSS): no denormal exception (SDM 2B ROUNDSS).</summary>
    public static uint RoundToInteger32(uint a, FloatRounding rounding, bool suppressInexact, ref FloatContext context)
    {
        var value = Open32(a, context);
        return Round32(value.IsNan ? PropagateNan(value, ref context) : RoundToInteger(value, rounding, suppressInexact, ref context),
            ref context);
    }

    /// <summary>Converts to a signed integer of 32 or 64 bits: no denormal exception (SDM 2A CVTSS2SI).</summary>
    public static long ToInteger32(uint a, int bits, FloatRounding rounding, ref FloatContext context) =>
        ToInteger(Open32(a, context), bits, rounding, ref context);

    /// <summary>Converts a signed integer.</summary>
    public static uint FromInteger32(long value, ref FloatContext context) => Round32(Unpacked.FromInteger(value), ref context);

    /// <summary>Takes an operand apart as the context's DAZ demands.</summary>
    public static Unpacked Open32(uint bits, in FloatContext context) => Unpack32(bits, context.DenormalsAreZero);

    private static uint Select32(uint a, uint b, FloatRelation firstIf, ref FloatContext context)
    {
        var (left, right) = (Open32(a, context), Open32(b, context));
        var chosen = Compare(left, right, quiet: false, ref context) == firstIf;
        // With DAZ a denormal result is the zero that it was taken for.
        var (bits, value) = chosen ? (a, left) : (b, right);
        return value.IsZero ? bits & (1U << 31) : bits;
    }
}
