using System.Runtime.CompilerServices;
using System.Runtime.InteropServices;

namespace Ringmaster.Host.Kvm;

/// <summary>struct kvm_regs.</summary>
[StructLayout(LayoutKind.Sequential)]
public struct KvmRegisters
{
    /// <summary>RAX, RBX, RCX, RDX, RSI, RDI, RSP, RBP, R8 to R15, in the kernel's order.</summary>
    public GeneralRegisters General;

    /// <summary>RIP.</summary>
    public ulong Rip;

    /// <summary>RFLAGS.</summary>
    public ulong Rflags;

    /// <summary>Sixteen registers.</summary>
    [InlineArray(16)]
    public struct GeneralRegisters
    {
        private ulong _register;
    }
}
