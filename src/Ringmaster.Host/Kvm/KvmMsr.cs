using System.Runtime.InteropServices;

namespace Ringmaster.Host.Kvm;

/// <summary>struct kvm_msr_entry: a model-specific register and its value.</summary>
[StructLayout(LayoutKind.Sequential)]
public struct KvmMsr
{
    /// <summary>The number that RDMSR takes.</summary>
    public uint Index;

    private readonly uint _reserved;

    /// <summary>The value.</summary>
    public ulong Value;
}
