namespace Ringmaster.Cpu.Interpreter.FloatingPoint;

/// <summary>The parameters of a binary format, as rounding needs them.</summary>
/// <param name="Precision">Bits of the significand, the integer bit included.</param>
/// <param name="Bias">What is added to the exponent in the encoding; also the largest exponent.</param>
internal readonly record struct FloatFormat(int Precision, int Bias)
{
    /// <summary>Half precision.</summary>
    public static FloatFormat Binary16 => new(11, 15);

    /// <summary>Single precision.</summary>
    public static FloatFormat Binary32 => new(24, 127);

    /// <summary>Double precision.</summary>
    public static FloatFormat Binary64 => new(53, 1023);

    /// <summary>The x87's own format.</summary>
    public static FloatFormat Extended => new(64, 16383);

    /// <summary>The x87's own format with results rounded to fewer bits, as precision control asks.</summary>
    public static FloatFormat ExtendedWith(int precision) => new(precision, 16383);

    /// <summary>The exponent field that infinities and NaNs have.</summary>
    public int SpecialExponent => 2 * Bias + 1;

    /// <summary>The smallest exponent of a normal number.</summary>
    public int MinExponent => 1 - Bias;
}
