using Ringmaster.Cpu.Interpreter.Flags;
using Ringmaster.Cpu.State;

namespace Ringmaster.Cpu.Interpreter.Execution;

/// <summary>IRET (SDM 2A IRET; SDM 3A 6.14.3).</summary>
internal unsafe partial class Vcpu
{
    private const uint AlwaysReturned = Rflags.Status | Rflags.Trap | Rflags.Direction | Rflags.NestedTask;
    private const uint WideReturned = Rflags.Resume | Rflags.AlignmentCheck | Rflags.Identification;
    private const uint VirtualInterrupts = Rflags.VirtualInterrupt | Rflags.VirtualInterruptPending;

    /// <summary>IRET.</summary>
    /// <param name="size">Operand size in bytes.</param>
    /// <param name="next">RIP of the next instruction, for task switches.</param>
    internal Status InterruptReturn(int size, ulong next)
    {
        // NMIs are let through again even if the instruction faults (SDM 2A IRET).
        if (NmiBlocked)
        {
            NmiBlocked = false;
            UpdateAttention();
        }
        if (!_isProtectedMode)
            return StatusOf(ReturnInRealMode(size));
        if (IsVirtual8086)
            return StatusOf(ReturnInVirtual8086(size));
        if ((OtherFlags & Rflags.NestedTask) != 0)
            return IsLongMode ? RaiseGeneralProtection() : StatusOf(ReturnToPreviousTask(next));
        return StatusOf(ReturnInProtectedMode(size));
    }

    private bool ReturnInRealMode(int size)
    {
        var stack = CurrentStack;
        Span<ulong> frame = stackalloc ulong[3];
        if (!PopAll(ref stack, size, frame) || !EnterRealCode((ushort)frame[1], frame[0]))
            return false;
        SetStackPointer(stack.Pointer);
        ReturnFlags((uint)frame[2], AlwaysReturned | Rflags.Interrupt | Rflags.IoPrivilege | (size > 2 ? WideReturned : 0));
        return true;
    }

    private bool ReturnInVirtual8086(int size)
    {
        var hasExtensions = (Cr4 & Cr4Bits.Vme) != 0;
        if (Iopl < 3 && (!hasExtensions || size != 2))
            return Fail(Vector.GeneralProtection, 0);
        var stack = CurrentStack;
        Span<ulong> frame = stackalloc ulong[3];
        if (!PopAll(ref stack, size, frame))
            return false;
        var flags = (uint)frame[2];
        if (Iopl == 3)
        {
            if (!EnterRealCode((ushort)frame[1], frame[0]))
                return false;
            SetStackPointer(stack.Pointer);
            ReturnFlags(flags, AlwaysReturned | Rflags.Interrupt | (size > 2 ? WideReturned : 0));
            return true;
        }
        var enables = (flags & Rflags.Interrupt) != 0;
        if ((enables && (OtherFlags & Rflags.VirtualInterruptPending) != 0) || (flags & Rflags.Trap) != 0)
            return Fail(Vector.GeneralProtection, 0);
        if (!EnterRealCode((ushort)frame[1], frame[0]))
            return false;
        SetStackPointer(stack.Pointer);
        ReturnFlags((flags & ~VirtualInterrupts) | (enables ? Rflags.VirtualInterrupt : 0), AlwaysReturned | Rflags.VirtualInterrupt);
        return true;
    }

    private bool ReturnInProtectedMode(int size)
    {
        var stack = CurrentStack;
        Span<ulong> frame = stackalloc ulong[3];
        if (!PopAll(ref stack, size, frame))
            return false;
        var (rip, selector, flags) = (frame[0], (ushort)frame[1], (uint)frame[2]);
        if (size == 4 && (flags & Rflags.Virtual8086) != 0 && Cpl == 0 && !IsLongMode)
            return ReturnToVirtual8086(stack, rip, selector, flags);
        if (!CheckReturnTarget(selector, out var code))
            return false;
        var accepted = AlwaysReturned | (size > 2 ? WideReturned : 0) | (Cpl <= Iopl ? Rflags.Interrupt : 0);
        if (Cpl == 0)
            accepted |= Rflags.IoPrivilege | (size > 2 ? VirtualInterrupts : 0);

        var level = selector & 3;
        if (level == Cpl && !_is64BitMode)
        {
            if (!CheckOffset(code, rip) || !MarkAccessed(selector, ref code))
                return false;
            EnterReturn(selector, code, rip);
            SetStackPointer(stack.Pointer);
            ReturnFlags(flags, accepted);
            return true;
        }
        // 64-bit mode always pops the stack pointer.
        Span<ulong> outer = stackalloc ulong[2];
        if (!PopAll(ref stack, size, outer) || !CheckOuterStack((ushort)outer[1], level, code, out var segment)
            || !CheckOffset(code, rip) || !MarkAccessed(selector, ref code))
            return false;
        if (level != Cpl)
        {
            EnterOuter(selector, code, rip, segment);
        }
        else
        {
            Segments[SegmentIndex.Ss] = segment;
            EnterReturn(selector, code, rip);
        }
        SetStackPointer(outer[0]);
        ReturnFlags(flags, accepted);
        return true;
    }

    private bool ReturnToVirtual8086(StackCursor stack, ulong rip, ushort selector, uint flags)
    {
        // ESP, SS, ES, DS, FS, GS.
        Span<ulong> rest = stackalloc ulong[6];
        if (!PopAll(ref stack, 4, rest))
            return false;
        if (rip > 0xFFFF)
            return Fail(Vector.GeneralProtection, 0);
        SetStatus(flags);
        SetOtherFlags((flags & 0x3F_7FD5) | Rflags.Virtual8086);
        NoteResume();
        Segments[SegmentIndex.Cs] = RealSegment(default, selector);
        Segments[SegmentIndex.Ss] = RealSegment(default, (ushort)rest[1]);
        Segments[SegmentIndex.Es] = RealSegment(default, (ushort)rest[2]);
        Segments[SegmentIndex.Ds] = RealSegment(default, (ushort)rest[3]);
        Segments[SegmentIndex.Fs] = RealSegment(default, (ushort)rest[4]);
        Segments[SegmentIndex.Gs] = RealSegment(default, (ushort)rest[5]);
        R[4] = rest[0];
        Rip = rip;
        UpdateMode();
        return true;
    }

    private void ReturnFlags(uint flags, uint accepted)
    {
        SetStatus(flags);
        SetOtherFlags((OtherFlags & ~accepted) | (flags & accepted));
        NoteResume();
    }

    /// <summary>RF that an instruction itself has loaded holds for the instruction after it.</summary>
    private void NoteResume() => _setsResume = (OtherFlags & Rflags.Resume) != 0;
}
