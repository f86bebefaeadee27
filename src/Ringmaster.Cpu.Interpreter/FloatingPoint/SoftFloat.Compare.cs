namespace Ringmaster.Cpu.Interpreter.FloatingPoint;

/// <summary>Comparisons.</summary>
internal static partial class SoftFloat
{
    /// <summary>Compares.</summary>
    /// <param name="left">First value.</param>
    /// <param name="right">Second value.</param>
    /// <param name="quiet">Quiet NaNs raise nothing (FUCOM, UCOMISS); otherwise any NaN is invalid.</param>
    /// <param name="context">Receives the exceptions.</param>
    public static FloatRelation Compare(in Unpacked left, in Unpacked right, bool quiet, ref FloatContext context)
    {
        if (left.IsNanOrUnsupported || right.IsNanOrUnsupported)
        {
            if (!quiet || left.Kind >= FloatKind.SignalingNan || right.Kind >= FloatKind.SignalingNan)
                context.Raise(FloatExceptions.Invalid);
            return FloatRelation.Unordered;
        }
        RaiseDenormal(left, right, ref context);
        return CompareNumbers(left, right);
    }

    private static FloatRelation CompareNumbers(in Unpacked left, in Unpacked right)
    {
        if (left.IsZero && right.IsZero)
            return FloatRelation.Equal;
        if (left.IsZero)
            return right.Sign ? FloatRelation.Greater : FloatRelation.Less;
        if (right.IsZero || left.Sign != right.Sign)
            return left.Sign ? FloatRelation.Less : FloatRelation.Greater;
        var order = left.IsInfinity || right.IsInfinity ? left.IsInfinity.CompareTo(right.IsInfinity)
            : left.Exponent != right.Exponent ? left.Exponent.CompareTo(right.Exponent)
            : left.Significand.CompareTo(right.Significand);
        return order == 0 ? FloatRelation.Equal : order < 0 != left.Sign ? FloatRelation.Less : FloatRelation.Greater;
    }
}
