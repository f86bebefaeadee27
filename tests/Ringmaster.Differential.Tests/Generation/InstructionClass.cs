namespace Ringmaster.Differential.Tests.Generation;

/// <summary>What sequences are made of; a sequence prefers one class and takes the rest from all.</summary>
internal enum InstructionClass
{
    Integer, Stack, Strings, Branch, Bits, X87, Mmx, Sse, Sse2, Sse3, Sse4, Sse4A, Crypto, Avx, Avx2, Fma, Half, Privileged,
}
