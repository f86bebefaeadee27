namespace Ringmaster.Cpu.Interpreter.FloatingPoint;

/// <summary>Results of operations on NaNs (SDM 1 table 4-7).</summary>
internal static partial class SoftFloat
{
    /// <summary>An invalid operation's result.</summary>
    public static Unpacked Invalid(ref FloatContext context)
    {
        context.Raise(FloatExceptions.Invalid);
        return Unpacked.Indefinite;
    }

    /// <summary>The result of an operation on one operand that is a NaN or not acceptable.</summary>
    public static Unpacked PropagateNan(in Unpacked value, ref FloatContext context)
    {
        if (value.Kind == FloatKind.Unsupported)
            return Invalid(ref context);
        if (value.Kind == FloatKind.SignalingNan)
            context.Raise(FloatExceptions.Invalid);
        return value.Quieted();
    }

    /// <summary>The result of an operation on two operands at least one of which is a NaN or not acceptable.</summary>
    public static Unpacked PropagateNan(in Unpacked left, in Unpacked right, ref FloatContext context)
    {
        if (left.Kind == FloatKind.Unsupported || right.Kind == FloatKind.Unsupported)
            return Invalid(ref context);
        if (left.Kind == FloatKind.SignalingNan || right.Kind == FloatKind.SignalingNan)
            context.Raise(FloatExceptions.Invalid);
        if (!right.IsNan)
            return left.Quieted();
        if (!left.IsNan)
            return right.Quieted();
        if (!context.IsX87)
            return left.Quieted();
        // The x87 prefers a quiet NaN to a signaling one, then the larger significand, then the positive one.
        if (left.Kind != right.Kind)
            return (left.Kind == FloatKind.QuietNan ? left : right).Quieted();
        if (left.High != right.High)
            return (left.High > right.High ? left : right).Quieted();
        return (left.Sign ? right : left).Quieted();
    }
}
