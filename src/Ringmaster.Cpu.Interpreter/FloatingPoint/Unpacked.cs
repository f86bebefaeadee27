using System.Runtime.CompilerServices;

namespace Ringmaster.Cpu.Interpreter.FloatingPoint;

/// <summary>
/// A value of any format, taken apart. A finite one is Significand / 2^127 times 2^Exponent with bit 127 set; bit 0 stands
/// for anything lost below it (sticky), so that a later rounding is right.
/// </summary>
/// <remarks>NaNs keep their payload below bit 126, which is the quiet bit in all formats.</remarks>
internal readonly struct Unpacked
{
    private const ulong QuietBit = 1UL << 62;

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public Unpacked(FloatKind kind, bool sign, int exponent, UInt128 significand, bool isDenormal = false)
    {
        Kind = kind;
        Sign = sign;
        Exponent = exponent;
        Significand = significand;
        IsDenormal = isDenormal;
    }

    public UInt128 Significand { get; }

    public int Exponent { get; }

    public FloatKind Kind { get; }

    /// <summary>True for negative.</summary>
    public bool Sign { get; }

    /// <summary>Came from a denormal encoding: operations on it raise the denormal-operand exception.</summary>
    public bool IsDenormal { get; }

    /// <summary>The upper half of the significand: all of it for an operand.</summary>
    public ulong High => (ulong)(Significand >> 64);

    public bool IsZero => Kind == FloatKind.Zero;

    public bool IsInfinity => Kind == FloatKind.Infinity;

    public bool IsNan => Kind is FloatKind.QuietNan or FloatKind.SignalingNan;

    /// <summary>A NaN, or an encoding that no arithmetic accepts.</summary>
    public bool IsNanOrUnsupported => Kind >= FloatKind.QuietNan;

    /// <summary>The QNaN that stands for an invalid result: negative, with only the quiet bit (SDM 1 4.8.3.7).</summary>
    public static Unpacked Indefinite => Nan(true, 0);

    public static Unpacked Zero(bool sign) => new(FloatKind.Zero, sign, 0, 0);

    public static Unpacked Infinity(bool sign) => new(FloatKind.Infinity, sign, 0, UInt128.One << 127);

    /// <summary>A quiet NaN.</summary>
    /// <param name="sign">Its sign.</param>
    /// <param name="payload">Its significand as in the 80-bit format; integer and quiet bit are added.</param>
    public static Unpacked Nan(bool sign, ulong payload) =>
        new(FloatKind.QuietNan, sign, 0, new UInt128(payload | (1UL << 63) | QuietBit, 0));

    /// <summary>A finite value from a significand that need not be normalised, of weight 2^exponent at bit 127.</summary>
    public static Unpacked Normalize(bool sign, int exponent, UInt128 significand)
    {
        if (significand == 0)
            return Zero(sign);
        var shift = (int)UInt128.LeadingZeroCount(significand);
        return new Unpacked(FloatKind.Finite, sign, exponent - shift, significand << shift);
    }

    /// <summary>An integer.</summary>
    public static Unpacked FromInteger(long value) =>
        Normalize(value < 0, 63, new UInt128(value < 0 ? (ulong)-value : (ulong)value, 0));

    /// <summary>An unsigned integer.</summary>
    public static Unpacked FromUnsigned(ulong value) => Normalize(false, 63, new UInt128(value, 0));

    public Unpacked Negated() => new(Kind, !Sign, Exponent, Significand, IsDenormal);

    public Unpacked Magnitude() => new(Kind, false, Exponent, Significand, IsDenormal);

    public Unpacked WithSign(bool sign) => new(Kind, sign, Exponent, Significand, IsDenormal);

    /// <summary>This NaN made quiet.</summary>
    public Unpacked Quieted() => Nan(Sign, High);
}
