using System.Runtime.CompilerServices;

namespace Ringmaster.Cpu.Interpreter.FloatingPoint;

/// <summary>The one place where results are rounded and where overflow, underflow and inexactness are found.</summary>
internal static class Rounder
{
    /// <summary>What the x87 adds to or subtracts from the exponent of a result whose exception is unmasked (SDM 1 8.5.4, 8.5.5).</summary>
    private const int BiasAdjustment = 24576;

    /// <summary>Rounds a value to a format.</summary>
    public static RoundedFloat Round(in Unpacked value, FloatFormat format, ref FloatContext context)
    {
        context.RoundedUp = false;
        if (value.Kind != FloatKind.Finite)
        {
            return value.Kind == FloatKind.Zero
                ? new RoundedFloat(value.Sign, 0, 0)
                : new RoundedFloat(value.Sign, format.SpecialExponent, value.High);
        }
        // An unmasked exception of an operand comes before whatever rounding would find.
        if (context.IsAbandoned)
            return default;

        var exact = !Significand(value.Significand, value.Sign, format.Precision, context.Rounding, out var rounded, out var carry, out var up);
        var exponent = value.Exponent + (carry ? 1 : 0);
        if (exponent > format.Bias)
            return Overflow(value.Sign, exponent, rounded, exact, up, format, ref context);
        // Tininess is detected after rounding, as if the exponent had no bound (SDM 1 4.9.1.5).
        if (exponent < format.MinExponent)
            return Underflow(value, exponent, rounded, exact, up, format, ref context);
        if (!exact)
            context.Raise(FloatExceptions.Inexact);
        context.RoundedUp = up;
        return new RoundedFloat(value.Sign, exponent + format.Bias, rounded);
    }

    /// <summary>Rounds a significand to some of its leading bits.</summary>
    /// <param name="significand">128 bits, the lowest sticky.</param>
    /// <param name="sign">True for negative.</param>
    /// <param name="precision">Bits to keep, 1 to 64.</param>
    /// <param name="rounding">How.</param>
    /// <param name="rounded">The bits kept, at the top.</param>
    /// <param name="carry">The rounding carried out of the top: the exponent grows by one.</param>
    /// <param name="up">The magnitude was increased.</param>
    /// <returns>True if anything was lost.</returns>
    public static bool Significand(UInt128 significand, bool sign, int precision, FloatRounding rounding, out ulong rounded,
        out bool carry, out bool up)
    {
        var high = (ulong)(significand >> 64);
        var low = (ulong)significand;
        var unit = 1UL << (64 - precision);
        rounded = high & (0UL - unit);
        // What is lost, as a 64-bit fraction of the unit with its own sticky bit.
        var rest = precision == 64 ? low : ((high & (unit - 1)) << precision) | (low != 0 ? 1UL : 0);
        carry = false;
        up = false;
        if (rest == 0)
            return false;
        const ulong half = 1UL << 63;
        up = rounding switch
        {
            FloatRounding.Nearest => rest > half || (rest == half && (rounded & unit) != 0),
            FloatRounding.Down => sign,
            FloatRounding.Up => !sign,
            _ => false,
        };
        if (up)
        {
            rounded += unit;
            if (rounded == 0)
            {
                carry = true;
                rounded = half;
            }
        }
        return true;
    }

    /// <summary>Shifts right; everything lost is collected in bit 0.</summary>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static UInt128 ShiftRightSticky(UInt128 value, int count)
    {
        if (count == 0)
            return value;
        if (count >= 128)
            return value == 0 ? UInt128.Zero : UInt128.One;
        var shifted = value >> count;
        return shifted << count == value ? shifted : shifted | UInt128.One;
    }

    private static RoundedFloat Overflow(bool sign, int exponent, ulong rounded, bool exact, bool up, FloatFormat format,
        ref FloatContext context)
    {
        context.Raise(FloatExceptions.Overflow);
        if ((context.Masked & FloatExceptions.Overflow) == 0)
        {
            var adjusted = exponent - BiasAdjustment;
            // FSCALE can go so far that even the adjusted exponent does not fit.
            var beyond = adjusted > format.Bias;
            if (!exact || beyond)
                context.Raise(FloatExceptions.Inexact);
            context.RoundedUp = up || beyond;
            return beyond
                ? new RoundedFloat(sign, format.SpecialExponent, 1UL << 63)
                : new RoundedFloat(sign, adjusted + format.Bias, rounded);
        }
        context.Raise(FloatExceptions.Inexact);
        var toInfinity = context.Rounding switch
        {
            FloatRounding.Nearest => true,
            FloatRounding.Down => sign,
            FloatRounding.Up => !sign,
            _ => false,
        };
        context.RoundedUp = toInfinity;
        return toInfinity
            ? new RoundedFloat(sign, format.SpecialExponent, 1UL << 63)
            : new RoundedFloat(sign, format.SpecialExponent - 1, ulong.MaxValue << (64 - format.Precision));
    }

    private static RoundedFloat Underflow(in Unpacked value, int exponent, ulong rounded, bool exact, bool up, FloatFormat format,
        ref FloatContext context)
    {
        if ((context.Masked & FloatExceptions.Underflow) == 0)
        {
            var adjusted = exponent + BiasAdjustment + format.Bias;
            var beyond = adjusted <= 0;
            context.Raise(exact && !beyond ? FloatExceptions.Underflow : FloatExceptions.Underflow | FloatExceptions.Inexact);
            context.RoundedUp = up && !beyond;
            return beyond
                ? new RoundedFloat(value.Sign, 0, 0)
                : new RoundedFloat(value.Sign, adjusted, rounded);
        }
        if (context.FlushToZero)
        {
            context.Raise(FloatExceptions.Underflow | FloatExceptions.Inexact);
            return new RoundedFloat(value.Sign, 0, 0);
        }
        var shifted = ShiftRightSticky(value.Significand, format.MinExponent - value.Exponent);
        if (Significand(shifted, value.Sign, format.Precision, context.Rounding, out var denormal, out _, out var denormalUp))
            context.Raise(FloatExceptions.Underflow | FloatExceptions.Inexact);
        context.RoundedUp = denormalUp;
        // Rounding may have made it the smallest normal number.
        return new RoundedFloat(value.Sign, (int)(denormal >> 63), denormal);
    }
}
