namespace Ringmaster.Cpu.Interpreter.FloatingPoint;

/// <summary>Conversions to integers.</summary>
internal static partial class SoftFloat
{
    /// <summary>Rounds to an integer in floating point (FRNDINT, ROUNDSS). Does not report denormals: callers differ.</summary>
    /// <param name="value">Any value but a NaN.</param>
    /// <param name="rounding">How.</param>
    /// <param name="suppressInexact">Do not raise the precision exception.</param>
    /// <param name="context">Receives the exceptions and whether the magnitude grew.</param>
    public static Unpacked RoundToInteger(in Unpacked value, FloatRounding rounding, bool suppressInexact, ref FloatContext context)
    {
        context.RoundedUp = false;
        if (value.Kind != FloatKind.Finite || value.Exponent >= 63)
            return value;
        var inexact = IntegerMagnitude(value, rounding, out var magnitude, out var up);
        if (!inexact)
            return value;
        if (!suppressInexact)
            context.Raise(FloatExceptions.Inexact);
        context.RoundedUp = up;
        return magnitude == 0 ? Unpacked.Zero(value.Sign) : Unpacked.Normalize(value.Sign, 127, magnitude);
    }

    /// <summary>Converts to a signed integer.</summary>
    /// <param name="value">Any value.</param>
    /// <param name="bits">16, 32 or 64.</param>
    /// <param name="rounding">How; <see cref="FloatRounding.Zero"/> for the truncating forms.</param>
    /// <param name="context">Receives the exceptions and whether the magnitude grew.</param>
    /// <returns>The integer; the smallest one ("integer indefinite") for what cannot be represented.</returns>
    public static long ToInteger(in Unpacked value, int bits, FloatRounding rounding, ref FloatContext context)
    {
        context.RoundedUp = false;
        if (value.IsZero)
            return 0;
        var limit = 1UL << (bits - 1);
        var indefinite = -(long)(limit - 1) - 1;
        if (value.Kind != FloatKind.Finite || value.Exponent > 63)
        {
            context.Raise(FloatExceptions.Invalid);
            return indefinite;
        }
        var inexact = IntegerMagnitude(value, rounding, out var magnitude, out var up);
        if (magnitude > (value.Sign ? limit : limit - 1))
        {
            context.Raise(FloatExceptions.Invalid);
            return indefinite;
        }
        if (inexact)
            context.Raise(FloatExceptions.Inexact);
        context.RoundedUp = up;
        var result = (long)(ulong)magnitude;
        return value.Sign ? -result : result;
    }

    /// <summary>The magnitude of a finite value below 2^64, rounded to an integer.</summary>
    /// <returns>True if it was none.</returns>
    private static bool IntegerMagnitude(in Unpacked value, FloatRounding rounding, out UInt128 magnitude, out bool up)
    {
        // The integer's last bit comes to bit 64.
        var shifted = Rounder.ShiftRightSticky(value.Significand, 63 - value.Exponent);
        var inexact = Rounder.Significand(shifted, value.Sign, 64, rounding, out var rounded, out var carry, out up);
        magnitude = carry ? UInt128.One << 64 : rounded;
        return inexact;
    }
}
