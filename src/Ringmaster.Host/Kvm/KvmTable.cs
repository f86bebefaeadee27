using System.Runtime.InteropServices;

namespace Ringmaster.Host.Kvm;

/// <summary>struct kvm_dtable: GDTR or IDTR.</summary>
[StructLayout(LayoutKind.Sequential, Size = 16)]
public struct KvmTable
{
    /// <summary>Linear address of the table.</summary>
    public ulong Base;

    /// <summary>Offset of its last byte.</summary>
    public ushort Limit;
}
