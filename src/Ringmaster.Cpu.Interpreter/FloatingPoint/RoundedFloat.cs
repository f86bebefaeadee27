namespace Ringmaster.Cpu.Interpreter.FloatingPoint;

/// <summary>A value rounded to some format, ready to be encoded.</summary>
/// <param name="Sign">True for negative.</param>
/// <param name="BiasedExponent">The exponent field.</param>
/// <param name="Significand">The integer bit in bit 63 (clear for denormals), the fraction below.</param>
internal readonly record struct RoundedFloat(bool Sign, int BiasedExponent, ulong Significand);
