using System.Runtime.CompilerServices;
using Ringmaster.Cpu.State;

namespace Ringmaster.Cpu.Interpreter.FloatingPoint;

/// <summary>Taking values apart and encoding them.</summary>
internal static partial class SoftFloat
{
    /// <summary>Takes a half-precision value apart. F16C ignores DAZ for it and raises no denormal exception.</summary>
    public static Unpacked Unpack16(ushort bits)
    {
        var value = Unpack((bits >> 15) != 0, bits >> 10 & 0x1F, (ulong)bits << 54, FloatFormat.Binary16, false);
        return new Unpacked(value.Kind, value.Sign, value.Exponent, value.Significand);
    }

    /// <summary>Takes a single-precision value apart.</summary>
    public static Unpacked Unpack32(uint bits, bool denormalsAreZero = false) =>
        Unpack((bits >> 31) != 0, (int)(bits >> 23 & 0xFF), (ulong)bits << 41, FloatFormat.Binary32, denormalsAreZero);

    /// <summary>Takes a double-precision value apart.</summary>
    public static Unpacked Unpack64(ulong bits, bool denormalsAreZero = false) =>
        Unpack((bits >> 63) != 0, (int)(bits >> 52 & 0x7FF), bits << 12, FloatFormat.Binary64, denormalsAreZero);

    /// <summary>Takes an x87 register apart.</summary>
    public static Unpacked Unpack80(FloatRegister register)
    {
        var sign = (register.SignExponent & 0x8000) != 0;
        var exponent = register.SignExponent & 0x7FFF;
        var significand = register.Significand;
        if (exponent == 0)
        {
            if (significand == 0)
                return Unpacked.Zero(sign);
            // Pseudo-denormals have the integer bit set; they have the denormals' exponent all the same.
            var shift = System.Numerics.BitOperations.LeadingZeroCount(significand);
            return new Unpacked(FloatKind.Finite, sign, -16382 - shift, new UInt128(significand << shift, 0), isDenormal: true);
        }
        if ((long)significand >= 0)
            return new Unpacked(FloatKind.Unsupported, sign, 0, new UInt128(significand, 0));
        if (exponent != 0x7FFF)
            return new Unpacked(FloatKind.Finite, sign, exponent - 16383, new UInt128(significand, 0));
        var kind = significand << 1 == 0 ? FloatKind.Infinity
            : (significand & (1UL << 62)) != 0 ? FloatKind.QuietNan : FloatKind.SignalingNan;
        return new Unpacked(kind, sign, 0, new UInt128(significand, 0));
    }

    /// <summary>Encodes as half precision.</summary>
    public static ushort Pack16(RoundedFloat value) =>
        (ushort)((value.Sign ? 0x8000 : 0) | (value.BiasedExponent << 10) | (int)(value.Significand << 1 >> 54));

    /// <summary>Encodes as single precision.</summary>
    public static uint Pack32(RoundedFloat value) =>
        (value.Sign ? 0x8000_0000 : 0) | ((uint)value.BiasedExponent << 23) | (uint)(value.Significand << 1 >> 41);

    /// <summary>Encodes as double precision.</summary>
    public static ulong Pack64(RoundedFloat value) =>
        (value.Sign ? 1UL << 63 : 0) | ((ulong)value.BiasedExponent << 52) | (value.Significand << 1 >> 12);

    /// <summary>Encodes as an x87 register.</summary>
    public static FloatRegister Pack80(RoundedFloat value) =>
        new(value.Significand, (ushort)((value.Sign ? 0x8000 : 0) | value.BiasedExponent));

    /// <summary>Rounds to single precision and encodes.</summary>
    public static uint Round32(in Unpacked value, ref FloatContext context) =>
        Pack32(Rounder.Round(value, FloatFormat.Binary32, ref context));

    /// <summary>Rounds to double precision and encodes.</summary>
    public static ulong Round64(in Unpacked value, ref FloatContext context) =>
        Pack64(Rounder.Round(value, FloatFormat.Binary64, ref context));

    /// <summary>Rounds to the x87's format with the context's precision and encodes.</summary>
    public static FloatRegister Round80(in Unpacked value, ref FloatContext context) =>
        Pack80(Rounder.Round(value, FloatFormat.ExtendedWith(context.Precision), ref context));

    /// <summary>Rounds to the x87's format with full precision and encodes.</summary>
    public static FloatRegister Round80Full(in Unpacked value, ref FloatContext context) =>
        Pack80(Rounder.Round(value, FloatFormat.Extended, ref context));

    /// <param name="sign">The sign.</param>
    /// <param name="exponent">The exponent field.</param>
    /// <param name="fraction">The fraction field, at the top of the word.</param>
    /// <param name="format">The format.</param>
    /// <param name="denormalsAreZero">Whether DAZ is in force.</param>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    private static Unpacked Unpack(bool sign, int exponent, ulong fraction, FloatFormat format, bool denormalsAreZero)
    {
        const ulong integerBit = 1UL << 63;
        if (exponent == 0)
        {
            if (fraction == 0 || denormalsAreZero)
                return Unpacked.Zero(sign);
            var shift = System.Numerics.BitOperations.LeadingZeroCount(fraction);
            return new Unpacked(FloatKind.Finite, sign, format.MinExponent - 1 - shift, new UInt128(fraction << shift, 0), isDenormal: true);
        }
        var significand = new UInt128(integerBit | (fraction >> 1), 0);
        if (exponent != format.SpecialExponent)
            return new Unpacked(FloatKind.Finite, sign, exponent - format.Bias, significand);
        var kind = fraction == 0 ? FloatKind.Infinity : (fraction & integerBit) != 0 ? FloatKind.QuietNan : FloatKind.SignalingNan;
        return new Unpacked(kind, sign, 0, significand);
    }
}
