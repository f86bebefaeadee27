using Ringmaster.Cpu.State;

namespace Ringmaster.Cpu.Paging;

/// <summary>All of a vCPU's state that decides how a linear address is translated, worked out once for many walks.</summary>
public readonly struct PagingContext
{
    private const ulong WriteProtectBit = 1 << 16, PagingBit = 1UL << 31;
    private const ulong PseBit = 1 << 4, PaeBit = 1 << 5, La57Bit = 1 << 12, SmepBit = 1 << 20, SmapBit = 1 << 21, PkeBit = 1 << 22;
    private const ulong LongModeActiveBit = 1 << 10, NoExecuteBit = 1 << 11;
    private const ulong AlignmentCheckBit = 1 << 18;

    private readonly ulong _pdpte0, _pdpte1, _pdpte2, _pdpte3;

    /// <summary>Takes the context from a vCPU's state.</summary>
    public PagingContext(CpuState state, PagingCapabilities capabilities)
        : this(capabilities, state.Cr0, state.Cr3, state.Cr4, state.Msr.Efer, state.Rflags, state.Pkru,
            state.Pdpte0, state.Pdpte1, state.Pdpte2, state.Pdpte3)
    {
    }

    /// <summary>Takes the context from single registers, for engines that keep their state elsewhere.</summary>
    public PagingContext(PagingCapabilities capabilities, ulong cr0, ulong cr3, ulong cr4, ulong efer, ulong rflags, uint pkru,
        ulong pdpte0 = 0, ulong pdpte1 = 0, ulong pdpte2 = 0, ulong pdpte3 = 0)
    {
        Capabilities = capabilities;
        var isLong = (efer & LongModeActiveBit) != 0;
        Mode = (cr0 & PagingBit) == 0 ? PagingMode.None
            : (cr4 & PaeBit) == 0 ? PagingMode.TwoLevel
            : !isLong ? PagingMode.Pae
            : (cr4 & La57Bit) == 0 ? PagingMode.FourLevel
            : PagingMode.FiveLevel;
        Root = Mode == PagingMode.TwoLevel ? cr3 & 0xFFFF_F000 : cr3 & PageEntry.AddressMask;
        WriteProtect = (cr0 & WriteProtectBit) != 0;
        // In 32-bit paging entries have no XD bit; fetches are then ruled by SMEP alone (SDM 3A 4.6.1).
        NoExecute = (efer & NoExecuteBit) != 0 && Mode != PagingMode.TwoLevel;
        Smep = (cr4 & SmepBit) != 0;
        Smap = (cr4 & SmapBit) != 0;
        AlignmentCheck = (rflags & AlignmentCheckBit) != 0;
        ProtectionKeys = (cr4 & PkeBit) != 0 && Mode >= PagingMode.FourLevel;
        LargePages = (cr4 & PseBit) != 0 || Mode != PagingMode.TwoLevel;
        Pkru = pkru;
        ReportsFetch = Smep || NoExecute;
        (_pdpte0, _pdpte1, _pdpte2, _pdpte3) = (pdpte0, pdpte1, pdpte2, pdpte3);

        // SDM 3A tables 4-8 to 4-20: address bits from MAXPHYADDR to 51, and bit 63 while EFER.NXE is clear. PAE paging
        // reserves bits 52 to 62 as well, which the other modes ignore.
        var beyond = PageEntry.AddressMask & ~((1UL << capabilities.PhysicalAddressBits) - 1);
        if (Mode == PagingMode.Pae)
            beyond |= 0x7FF0_0000_0000_0000;
        ReservedAlways = Mode == PagingMode.TwoLevel ? 0 : beyond | (NoExecute ? 0 : PageEntry.NoExecute);
    }

    /// <summary>What the CPU model fixes.</summary>
    public PagingCapabilities Capabilities { get; }

    /// <summary>How addresses are translated.</summary>
    public PagingMode Mode { get; }

    /// <summary>Physical address of the first table; PAE paging starts at its four registers instead.</summary>
    public ulong Root { get; }

    /// <summary>CR0.WP: supervisor writes obey the R/W bits.</summary>
    public bool WriteProtect { get; }

    /// <summary>EFER.NXE, where entries have an XD bit.</summary>
    public bool NoExecute { get; }

    /// <summary>CR4.SMEP: no supervisor fetch from user pages.</summary>
    public bool Smep { get; }

    /// <summary>CR4.SMAP: no supervisor data access to user pages, unless RFLAGS.AC excuses it.</summary>
    public bool Smap { get; }

    /// <summary>RFLAGS.AC.</summary>
    public bool AlignmentCheck { get; }

    /// <summary>CR4.PKE, where entries have protection keys.</summary>
    public bool ProtectionKeys { get; }

    /// <summary>Bit 7 of a page-directory entry maps a page: CR4.PSE in 32-bit paging, always elsewhere.</summary>
    public bool LargePages { get; }

    /// <summary>PKRU.</summary>
    public uint Pkru { get; }

    /// <summary>A page fault's error code tells fetches apart (SDM 3A 4.7).</summary>
    internal bool ReportsFetch { get; }

    /// <summary>Bits that must be zero in every present 8-byte entry.</summary>
    internal ulong ReservedAlways { get; }

    /// <summary>A PDPTE register of PAE paging.</summary>
    internal ulong Pdpte(int index) => index switch { 0 => _pdpte0, 1 => _pdpte1, 2 => _pdpte2, _ => _pdpte3 };

    /// <summary>Whether an address is canonical under this mode; only in 64-bit modes can one not be (SDM 1 3.3.7.1).</summary>
    /// <remarks>A non-canonical address raises #GP or #SS before any walk, which only looks at the bits that count.</remarks>
    public bool IsCanonical(LinearAddress address)
    {
        var shift = Mode switch { PagingMode.FiveLevel => 7, PagingMode.FourLevel => 16, _ => 0 };
        return (long)(address.Value << shift) >> shift == (long)address.Value;
    }
}
