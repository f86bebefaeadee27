namespace Ringmaster.Cpu.Models;

/// <summary>A feature bit of CPUID.</summary>
/// <param name="Name">Lower-case, as Linux and QEMU spell it: <c>"avx2"</c>.</param>
/// <param name="Leaf">CPUID leaf.</param>
/// <param name="Subleaf">CPUID subleaf, 0 if the leaf has none.</param>
/// <param name="Register">Which register.</param>
/// <param name="Bit">Which bit, 0 to 31.</param>
public sealed record CpuFeature(string Name, uint Leaf, uint Subleaf, CpuidRegister Register, int Bit);

/// <summary>A register that CPUID writes.</summary>
public enum CpuidRegister
{
    /// <summary>EAX.</summary>
    Eax,

    /// <summary>EBX.</summary>
    Ebx,

    /// <summary>ECX.</summary>
    Ecx,

    /// <summary>EDX.</summary>
    Edx,
}
