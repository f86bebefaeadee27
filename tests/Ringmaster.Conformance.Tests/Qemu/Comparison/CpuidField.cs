namespace Ringmaster.Conformance.Tests.Qemu.Comparison;

/// <summary>Bits of CPUID that announce a feature.</summary>
/// <param name="Leaf">What EAX selects.</param>
/// <param name="Subleaf">What ECX selects.</param>
/// <param name="Register">0 EAX, 1 ECX, 2 EDX, 3 EBX, as registers are numbered.</param>
/// <param name="Mask">The bits.</param>
internal sealed record CpuidField(uint Leaf, uint Subleaf, int Register, uint Mask);
