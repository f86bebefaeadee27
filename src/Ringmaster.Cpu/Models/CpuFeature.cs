namespace Ringmaster.Cpu.Models;

/// <summary>A feature that software can find: a bit of CPUID, or of IA32_ARCH_CAPABILITIES.</summary>
/// <param name="Name">Lower-case, as Linux and QEMU spell it: <c>"avx2"</c>.</param>
/// <param name="Leaf">CPUID leaf; 0 for a bit of IA32_ARCH_CAPABILITIES.</param>
/// <param name="Subleaf">CPUID subleaf, 0 if the leaf has none.</param>
/// <param name="Register">Which register.</param>
/// <param name="Bit">Which bit, 0 to 31, or to 63 in IA32_ARCH_CAPABILITIES.</param>
public sealed record CpuFeature(string Name, uint Leaf, uint Subleaf, CpuidRegister Register, int Bit)
{
    /// <summary>Names of the features that this one makes no sense without, direct ones only.</summary>
    public IReadOnlyList<string> Needs { get; init; } = [];

    /// <summary>
    /// Why the bit cannot be chosen: it follows the machine's state or shape. Null for all that can be.
    /// </summary>
    public string? Automatic { get; init; }

    /// <summary>The interface for guests that know their hypervisor which the feature belongs to; null for what processors have, too.</summary>
    public ParavirtualInterface? Paravirtual => Leaf switch
    {
        0x4000_0001 => ParavirtualInterface.Kvm,
        > 0x4000_0001 and < 0x4001_0000 => ParavirtualInterface.HyperV,
        _ => null,
    };

    /// <inheritdoc/>
    public override string ToString() => Name;
}

/// <summary>Where a feature bit stands.</summary>
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

    /// <summary>Not CPUID: the register IA32_ARCH_CAPABILITIES (10A), which exists when CPUID has arch-capabilities.</summary>
    ArchCapabilities,
}
