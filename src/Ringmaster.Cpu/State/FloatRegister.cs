namespace Ringmaster.Cpu.State;

/// <summary>An x87 register in its 80-bit format (SDM 1 8.1.2). MMX registers are its significand.</summary>
/// <param name="Significand">64 bits with the explicit integer bit at the top.</param>
/// <param name="SignExponent">The sign in bit 15, the biased exponent below.</param>
public readonly record struct FloatRegister(ulong Significand, ushort SignExponent);
