using System.Runtime.CompilerServices;
using System.Runtime.InteropServices;

namespace Ringmaster.Host.Kvm;

/// <summary>struct kvm_sregs2.</summary>
[StructLayout(LayoutKind.Sequential)]
public struct KvmSpecialRegisters
{
    /// <summary>The flag of <see cref="Flags"/> that says that the PDPTEs count.</summary>
    public const ulong PdptesValid = 1;

    /// <summary>Segment registers in the kernel's order.</summary>
    public KvmSegment Cs, Ds, Es, Fs, Gs, Ss, Tr, Ldtr;

    /// <summary>Descriptor table registers.</summary>
    public KvmTable Gdtr, Idtr;

    /// <summary>Control registers.</summary>
    public ulong Cr0, Cr2, Cr3, Cr4, Cr8;

    /// <summary>IA32_EFER.</summary>
    public ulong Efer;

    /// <summary>IA32_APIC_BASE.</summary>
    public ulong ApicBase;

    /// <summary>See <see cref="PdptesValid"/>.</summary>
    public ulong Flags;

    /// <summary>The PDPTE registers of PAE paging.</summary>
    public PdpteRegisters Pdptes;

    /// <summary>Four registers.</summary>
    [InlineArray(4)]
    public struct PdpteRegisters
    {
        private ulong _register;
    }
}
