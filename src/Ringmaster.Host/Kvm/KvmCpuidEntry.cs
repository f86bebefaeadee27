using System.Runtime.InteropServices;

namespace Ringmaster.Host.Kvm;

/// <summary>struct kvm_cpuid_entry2: what CPUID returns for a leaf.</summary>
[StructLayout(LayoutKind.Sequential, Size = 40)]
public struct KvmCpuidEntry
{
    /// <summary>The bit of <see cref="Flags"/> that says that ECX chooses a subleaf.</summary>
    public const uint HasSubleaves = 1;

    /// <summary>The leaf, EAX.</summary>
    public uint Leaf;

    /// <summary>The subleaf, ECX.</summary>
    public uint Subleaf;

    /// <summary>See <see cref="HasSubleaves"/>.</summary>
    public uint Flags;

    /// <summary>The answer.</summary>
    public uint Eax, Ebx, Ecx, Edx;
}
