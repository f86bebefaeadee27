using System.Runtime.CompilerServices;

namespace Ringmaster.Cpu.State;

/// <summary>Model-specific registers that every engine keeps (SDM 4; APM 2 appendix A). Those of the local APIC are a device's.</summary>
public struct MsrState
{
    /// <summary>IA32_EFER (C000_0080).</summary>
    public ulong Efer;

    /// <summary>IA32_STAR (C000_0081): selectors for SYSCALL and SYSRET.</summary>
    public ulong Star;

    /// <summary>IA32_LSTAR (C000_0082): SYSCALL's target in 64-bit mode.</summary>
    public ulong Lstar;

    /// <summary>IA32_CSTAR (C000_0083): SYSCALL's target from compatibility mode, where a processor has it.</summary>
    public ulong Cstar;

    /// <summary>IA32_FMASK (C000_0084): flags that SYSCALL clears.</summary>
    public ulong Fmask;

    /// <summary>IA32_KERNEL_GS_BASE (C000_0102): swapped in by SWAPGS.</summary>
    public ulong KernelGsBase;

    /// <summary>IA32_TSC_AUX (C000_0103): what RDTSCP and RDPID return.</summary>
    public ulong TscAux;

    /// <summary>IA32_SYSENTER_CS (174).</summary>
    public ulong SysenterCs;

    /// <summary>IA32_SYSENTER_ESP (175).</summary>
    public ulong SysenterEsp;

    /// <summary>IA32_SYSENTER_EIP (176).</summary>
    public ulong SysenterEip;

    /// <summary>IA32_PAT (277).</summary>
    public ulong Pat;

    /// <summary>IA32_MISC_ENABLE (1A0).</summary>
    public ulong MiscEnable;

    /// <summary>IA32_DEBUGCTL (1D9).</summary>
    public ulong DebugControl;

    /// <summary>IA32_SPEC_CTRL (48).</summary>
    public ulong SpecControl;

    /// <summary>IA32_XSS (DA0): supervisor state components that XSAVES saves.</summary>
    public ulong Xss;

    /// <summary>IA32_TSC_ADJUST (3B).</summary>
    public ulong TscAdjust;

    /// <summary>What the guest's time-stamp counter is ahead of the VM's, modulo 2^64.</summary>
    public ulong TscOffset;

    /// <summary>IA32_MTRR_DEF_TYPE (2FF).</summary>
    public ulong MtrrDefaultType;

    /// <summary>IA32_MTRR_PHYSBASE0, PHYSMASK0, PHYSBASE1, ... (200 to 20F).</summary>
    public VariableMtrrs MtrrVariable;

    /// <summary>The eleven fixed-range MTRRs: 250, 258, 259, 268 to 26F.</summary>
    public FixedMtrrs MtrrFixed;

    /// <summary>The values after reset (SDM 3A 9.1.1).</summary>
    public static MsrState Reset => new() { Pat = 0x0007_0406_0007_0406, MiscEnable = 1 };

    /// <summary>Eight pairs of base and mask.</summary>
    [InlineArray(16)]
    public struct VariableMtrrs
    {
        private ulong _register;
    }

    /// <summary>Eleven registers of eight types each.</summary>
    [InlineArray(11)]
    public struct FixedMtrrs
    {
        private ulong _register;
    }
}
