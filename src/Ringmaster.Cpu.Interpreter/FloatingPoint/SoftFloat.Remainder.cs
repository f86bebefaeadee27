namespace Ringmaster.Cpu.Interpreter.FloatingPoint;

/// <summary>What the x87 has beyond basic arithmetic: partial remainders, scaling, taking numbers apart.</summary>
internal static partial class SoftFloat
{
    /// <summary>FPREM and FPREM1: a step towards the remainder.</summary>
    /// <param name="left">The dividend.</param>
    /// <param name="right">The divisor.</param>
    /// <param name="toNearest">Round the quotient to nearest (FPREM1) rather than toward zero.</param>
    /// <param name="quotient">The low bits of the quotient, once the reduction is complete.</param>
    /// <param name="incomplete">The exponents differed by 64 or more: the result is only a smaller dividend (C2).</param>
    /// <param name="context">Receives the exceptions.</param>
    public static Unpacked Remainder(in Unpacked left, in Unpacked right, bool toNearest, out int quotient, out bool incomplete,
        ref FloatContext context)
    {
        quotient = 0;
        incomplete = false;
        if (left.IsNanOrUnsupported || right.IsNanOrUnsupported)
            return PropagateNan(left, right, ref context);
        if (left.IsInfinity || right.IsZero)
            return Invalid(ref context);
        RaiseDenormal(left, right, ref context);
        if (left.IsZero || right.IsInfinity)
            return left;
        var difference = left.Exponent - right.Exponent;
        if (difference < (toNearest ? -1 : 0))
            return left;
        if (difference == -1)
        {
            // The quotient is in (1/4, 1): it rounds to one when above one half.
            if (left.High <= right.High)
                return left;
            quotient = 1;
            return Unpacked.Normalize(!left.Sign, left.Exponent, (right.Significand - (left.Significand >> 1)) << 1);
        }
        if (difference >= 64)
        {
            // Processors take off 32 to 63 bits of the difference; this is what they all do in practice.
            var step = (difference & 0x1F) | 0x20;
            incomplete = true;
            var partial = ((UInt128)left.High << step) % right.High;
            return WithExponentOf(left.Sign, left.Exponent - step, (ulong)partial);
        }
        var dividend = (UInt128)left.High << difference;
        var whole = dividend / right.High;
        var rest = (ulong)(dividend - whole * right.High);
        var sign = left.Sign;
        if (toNearest)
        {
            var twice = (UInt128)rest << 1;
            if (twice > right.High || (twice == right.High && (whole & 1) != 0))
            {
                rest = right.High - rest;
                sign = !sign;
                whole++;
            }
        }
        quotient = (int)(uint)(whole & 7);
        return rest == 0 ? Unpacked.Zero(left.Sign) : WithExponentOf(sign, right.Exponent, rest);
    }

    /// <summary>FSCALE: left times two to the power of right, truncated.</summary>
    public static Unpacked Scale(in Unpacked left, in Unpacked right, ref FloatContext context)
    {
        if (left.IsNanOrUnsupported || right.IsNanOrUnsupported)
            return PropagateNan(left, right, ref context);
        if (right.IsInfinity && (right.Sign ? left.IsInfinity : left.IsZero))
            return Invalid(ref context);
        RaiseDenormal(left, right, ref context);
        if (right.IsInfinity)
            return right.Sign ? Unpacked.Zero(left.Sign) : Unpacked.Infinity(left.Sign);
        if (left.Kind != FloatKind.Finite || right.IsZero || right.Exponent < 0)
            return left;
        // More than this is beyond every exponent, the adjusted ones included.
        const int far = 0x1_0000;
        var by = right.Exponent >= 16 ? far : (int)(right.High >> (63 - right.Exponent));
        return new Unpacked(FloatKind.Finite, left.Sign, left.Exponent + (right.Sign ? -by : by), left.Significand);
    }

    // The integer's last bit has the weight that bit 63 of a significand would give bit 0.
    private static Unpacked WithExponentOf(bool sign, int exponent, ulong integer) =>
        Unpacked.Normalize(sign, exponent, new UInt128(integer, 0));
}
