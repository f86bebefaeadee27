using Ringmaster.Cpu.Interpreter.Flags;
using Ringmaster.Cpu.State;

namespace Ringmaster.Cpu.Interpreter.Execution;

/// <summary>SYSCALL, SYSRET, SYSENTER, SYSEXIT (SDM 2B; APM 3). They load fixed segments without reading descriptors.</summary>
internal unsafe partial class Vcpu
{
    private const uint FlatCode64 = 0xA09B, FlatCode32 = 0xC09B, FlatData = 0xC093;

    private static Segment FlatSegment(int selector, uint attributes, int level) =>
        new((ushort)selector, 0, uint.MaxValue, new SegmentAttributes(attributes).WithPrivilegeLevel(level));

    /// <summary>SYSCALL. Intel processors have it in 64-bit mode only.</summary>
    internal Status SystemCall(ulong next)
    {
        if ((Msr.Efer & EferBits.Syscall) == 0 || !IsProtectedNotVirtual || (!Features.IsAmd && !_is64BitMode))
            return RaiseInvalidOpcode();
        var selector = (int)(Msr.Star >> 32) & 0xFFFC;
        if (IsLongMode)
        {
            R[1] = next;
            R[11] = Flags & ~Rflags.Resume;
            Rip = _is64BitMode ? Msr.Lstar : Msr.Cstar;
            var cleared = (uint)Msr.Fmask | Rflags.Resume;
            SetStatus(GetStatus() & ~cleared);
            SetFlatCode(FlatSegment(selector, FlatCode64, 0), FlatSegment(selector + 8, FlatData, 0));
            SetOtherFlags(OtherFlags & ~cleared);
        }
        else
        {
            R[1] = (uint)next;
            Rip = (uint)Msr.Star;
            SetFlatCode(FlatSegment(selector, FlatCode32, 0), FlatSegment(selector + 8, FlatData, 0));
            SetOtherFlags(OtherFlags & ~(Rflags.Interrupt | Rflags.Virtual8086 | Rflags.Resume));
        }
        FinishSystemCall();
        return Status.Branch;
    }

    /// <summary>SYSRET.</summary>
    /// <param name="to64">REX.W: return to 64-bit mode.</param>
    internal Status SystemReturn(bool to64)
    {
        if ((Msr.Efer & EferBits.Syscall) == 0 || (!Features.IsAmd && !_is64BitMode))
            return RaiseInvalidOpcode();
        if (!IsProtectedNotVirtual || Cpl != 0)
            return RaiseGeneralProtection();
        // Intel checks at level 0; AMD lets the fetch at level 3 fault.
        if (to64 && !Features.IsAmd && !IsCanonical(R[1]))
            return RaiseGeneralProtection();
        var selector = (int)(Msr.Star >> 48);
        var stackSelector = (selector + 8) | 3;
        // AMD loads the selector alone and keeps the hidden part of SS, null segments included (APM 3 SYSRET).
        var stack = Features.IsAmd
            ? Segments[SegmentIndex.Ss] with
            {
                Selector = (ushort)stackSelector,
                Attributes = Segments[SegmentIndex.Ss].Attributes.WithPrivilegeLevel(3),
            }
            : FlatSegment(stackSelector, FlatData, 3);
        var code = to64 ? FlatSegment((selector + 16) | 3, FlatCode64, 3) : FlatSegment(selector | 3, FlatCode32, 3);
        var flags = _is64BitMode ? (uint)R[11] & 0x3C_7FD7 : Flags | Rflags.Interrupt;
        Rip = to64 ? R[1] : (uint)R[1];
        SetFlatCode(code, stack);
        SetStatus(flags);
        SetOtherFlags(flags);
        FinishSystemCall();
        return Status.Branch;
    }

    /// <summary>SYSENTER. AMD processors have it outside long mode only.</summary>
    internal Status SystemEnter()
    {
        if (Features.IsAmd && IsLongMode)
            return RaiseInvalidOpcode();
        if (!_isProtectedMode || (Msr.SysenterCs & 0xFFFC) == 0)
            return RaiseGeneralProtection();
        var selector = (int)Msr.SysenterCs & 0xFFFC;
        SetOtherFlags(OtherFlags & ~(Rflags.Virtual8086 | Rflags.Interrupt | Rflags.Resume));
        SetFlatCode(FlatSegment(selector, IsLongMode ? FlatCode64 : FlatCode32, 0), FlatSegment(selector + 8, FlatData, 0));
        Rip = IsLongMode ? Msr.SysenterEip : (uint)Msr.SysenterEip;
        R[4] = IsLongMode ? Msr.SysenterEsp : (uint)Msr.SysenterEsp;
        return Status.Branch;
    }

    /// <summary>SYSEXIT.</summary>
    /// <param name="to64">REX.W: return to 64-bit mode.</param>
    internal Status SystemExit(bool to64)
    {
        if (Features.IsAmd && IsLongMode)
            return RaiseInvalidOpcode();
        if (!IsProtectedNotVirtual || Cpl != 0 || (Msr.SysenterCs & 0xFFFC) == 0
            || (to64 && !(IsCanonical(R[1]) && IsCanonical(R[2]))))
            return RaiseGeneralProtection();
        var selector = ((int)Msr.SysenterCs & 0xFFFC) + (to64 ? 32 : 16);
        var (rip, pointer) = to64 ? (R[2], R[1]) : ((uint)R[2], (uint)R[1]);
        SetFlatCode(FlatSegment(selector | 3, to64 ? FlatCode64 : FlatCode32, 3), FlatSegment((selector + 8) | 3, FlatData, 3));
        (Rip, R[4]) = (rip, pointer);
        return Status.Branch;
    }

    private void SetFlatCode(in Segment code, in Segment stack)
    {
        Segments[SegmentIndex.Cs] = code;
        Segments[SegmentIndex.Ss] = stack;
        UpdateMode();
    }

    /// <summary>
    /// SYSCALL and SYSRET are stepped by the TF that they leave, not by the one they found: masking TF in FMASK keeps a
    /// debugger out of the kernel, and SYSRET with TF traps at once.
    /// </summary>
    private void FinishSystemCall()
    {
        _dropsTrap = true;
        if ((OtherFlags & Rflags.Trap) == 0)
            return;
        Dr6 = (Dr6 & ~0xFUL) | Dr6SingleStep | Dr6Fixed;
        Raise(Vector.Debug);
        AnnounceEvent();
    }
}
