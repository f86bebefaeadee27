using Ringmaster.Cpu.Interpreter.Flags;
using Ringmaster.Cpu.Interpreter.Memory;
using Ringmaster.Cpu.State;

namespace Ringmaster.Cpu.Interpreter.Execution;

/// <summary>Control registers and what is derived from them: the operating mode, the MMU mode, what is enabled.</summary>
internal unsafe partial class Vcpu
{
    private bool _isProtectedMode;
    private bool _is64BitMode;
    private ulong _stackMask = ulong.MaxValue;

    internal ref ulong Cr0 => ref _file->Cr0;
    internal ref ulong Cr2 => ref _file->Cr2;
    internal ref ulong Cr3 => ref _file->Cr3;
    internal ref ulong Cr4 => ref _file->Cr4;
    internal ref ulong Cr8 => ref _file->Cr8;
    internal ref ulong Xcr0 => ref _file->Xcr0;
    internal ref uint Pkru => ref _file->Pkru;
    internal ref MsrState Msr => ref _file->Msr;
    internal ref ulong Pdpte0 => ref _file->Pdpte0;
    internal ref ulong Pdpte1 => ref _file->Pdpte1;
    internal ref ulong Pdpte2 => ref _file->Pdpte2;
    internal ref ulong Pdpte3 => ref _file->Pdpte3;
    internal ref DescriptorTable Gdtr => ref _file->Gdtr;
    internal ref DescriptorTable Idtr => ref _file->Idtr;

    /// <summary>The current privilege level.</summary>
    internal int Cpl { get; private set; }

    /// <summary>0: 16-bit code, 1: 32-bit code, 2: 64-bit code.</summary>
    internal int CodeSize { get; private set; }

    /// <summary>Protected mode with 32-bit code and stack segments that begin at 0 and have no limit below 4 GiB.</summary>
    internal bool HasFlatCodeAndStack =>
        IsProtectedNotVirtual && _file->CodeWindow == uint.MaxValue && IsFlat(SegmentIndex.Ss) && Bases[SegmentIndex.Ss] == 0 && _stackMask == uint.MaxValue;

    /// <summary>
    /// One bit for each segment register, ES first, through which all of 4 GiB can be read and written. ES, SS and DS begin at
    /// 0 as well.
    /// </summary>
    internal uint FlatSegments
    {
        get
        {
            uint flat = 0;
            for (var i = 0; i <= SegmentIndex.Gs; i++)
                flat |= IsFlat(i) && (i >= SegmentIndex.Fs || Bases[i] == 0) ? 1u << i : 0;
            return flat;
        }
    }

    private bool IsFlat(int segment)
    {
        ref readonly var register = ref Segments[segment];
        return !register.Attributes.IsUnusable && register.Attributes.IsWritable && !register.Attributes.IsExpandDown
            && register.Limit == uint.MaxValue;
    }

    /// <summary>CR0.PE.</summary>
    internal bool IsProtectedMode => _isProtectedMode;

    /// <summary>Protected mode, and not virtual-8086 mode.</summary>
    internal bool IsProtectedNotVirtual => _isProtectedMode && (OtherFlags & Rflags.Virtual8086) == 0;

    /// <summary>EFER.LMA: 64-bit or compatibility mode.</summary>
    internal bool IsLongMode => (Msr.Efer & EferBits.LongModeActive) != 0;

    /// <summary>64-bit mode proper.</summary>
    internal bool Is64BitMode => _is64BitMode;

    /// <summary>Which bits of RSP a stack access uses: 64, 32 or 16.</summary>
    internal ulong StackMask => _stackMask;

    /// <summary>How accesses with the present privilege are checked.</summary>
    internal MmuMode CurrentMmuMode { get; private set; }

    internal bool IsCanonical(ulong linear) => IsSignExtended(linear, (Cr4 & Cr4Bits.La57) != 0 ? 57 : 48);

    /// <summary>
    /// Whether a base register takes an address: descriptor tables, FS, GS and MSRs have as many bits as the processor, CR4.LA57
    /// or not (Intel, 5-Level Paging and 5-Level EPT, 2.4).
    /// </summary>
    internal bool IsCanonicalBase(ulong linear) => IsSignExtended(linear, Features.La57 ? 57 : 48);

    private static bool IsSignExtended(ulong linear, int bits) => (ulong)((long)(linear << (64 - bits)) >> (64 - bits)) == linear;

    /// <summary>Recomputes everything that follows from CS, SS, CR0, CR4, EFER and RFLAGS.VM.</summary>
    internal void UpdateMode()
    {
        var was64Bit = _is64BitMode;
        _isProtectedMode = (Cr0 & Cr0Bits.ProtectionEnable) != 0;
        var virtual8086 = _isProtectedMode && (OtherFlags & Rflags.Virtual8086) != 0;
        ref readonly var code = ref Segments[SegmentIndex.Cs];
        ref readonly var stack = ref Segments[SegmentIndex.Ss];
        _is64BitMode = IsLongMode && code.Attributes.IsLong && !virtual8086;
        Cpl = !_isProtectedMode ? 0 : virtual8086 ? 3 : stack.Attributes.PrivilegeLevel;
        CodeSize = _is64BitMode ? 2 : code.Attributes.IsBig ? 1 : 0;
        _stackMask = _is64BitMode ? ulong.MaxValue : stack.Attributes.IsBig ? uint.MaxValue : ushort.MaxValue;
        // 64-bit code has no window: neither base nor limit.
        _file->CodeWindow = _is64BitMode ? 0 : (code.Base << 32) | code.Limit;
        _followsLinks = _is64BitMode || _file->CodeWindow == uint.MaxValue;
        // From level to level of 64-bit mode no base changes but by a load of its register.
        if (!was64Bit || !_is64BitMode)
        {
            for (var i = 0; i < 8; i++)
                UpdateBase(i);
        }
        UpdateMmuMode();
    }

    /// <summary>Chooses the TLB table for the privilege level, CR4.SMAP, CR0.AM and RFLAGS.AC.</summary>
    internal void UpdateMmuMode()
    {
        CurrentMmuMode = Cpl == 3
            ? (Cr0 & Cr0Bits.AlignmentMask) != 0 && (OtherFlags & Rflags.AlignmentCheck) != 0 ? MmuMode.UserAligned : MmuMode.User
            : (Cr4 & Cr4Bits.Smap) != 0 && (OtherFlags & Rflags.AlignmentCheck) == 0 ? MmuMode.Supervisor
            : MmuMode.SupervisorToUser;
        _tlb = _tlbs[CurrentMmuMode];
        // Links know nothing of what has changed.
        _file->LinksLeft = 0;
        _file->CodeContext = (_generation << 8) | ((ulong)CodeSize << 1) | (Cpl == 3 ? 1UL : 0);
    }

    /// <summary>Sets the flags other than the arithmetic ones and everything that follows from them.</summary>
    internal void SetOtherFlags(uint flags)
    {
        var changed = OtherFlags ^ flags;
        OtherFlags = (flags & ~Rflags.Status) | Rflags.Fixed;
        if ((changed & Rflags.Virtual8086) != 0)
            UpdateMode();
        else if ((changed & Rflags.AlignmentCheck) != 0)
            UpdateMmuMode();
        if ((changed & (Rflags.Interrupt | Rflags.Trap | Rflags.Resume)) != 0)
            UpdateAttention();
    }

    /// <summary>Forgets cached translations.</summary>
    /// <param name="extent">What must be forgotten; this engine always forgets everything.</param>
    internal virtual void FlushTlb(TlbFlush extent)
    {
        _tlbs.Flush();
        _codePages.Clear();
        _pagingIsCurrent = false;
        _observer?.TlbFlushed(Index);
        NoteCodeMoved();
    }

    /// <summary>Forgets the cached translations of one linear address.</summary>
    internal virtual void FlushTlbPage(ulong linear)
    {
        _tlbs.FlushPage(linear);
        // Most pages that are forgotten hold no code.
        if (!_codePages.Holds(linear))
            return;
        _codePages.Clear();
        NoteCodeMoved();
    }

    /// <summary>Code may be mapped otherwise than before.</summary>
    internal void NoteCodeMoved()
    {
        _generation++;
        UpdateMmuMode();
    }
}
