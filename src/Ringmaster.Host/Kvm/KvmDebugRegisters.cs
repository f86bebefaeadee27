using System.Runtime.InteropServices;

namespace Ringmaster.Host.Kvm;

/// <summary>struct kvm_debugregs.</summary>
[StructLayout(LayoutKind.Sequential, Size = 128)]
public struct KvmDebugRegisters
{
    /// <summary>Debug registers.</summary>
    public ulong Dr0, Dr1, Dr2, Dr3, Dr6, Dr7;
}
