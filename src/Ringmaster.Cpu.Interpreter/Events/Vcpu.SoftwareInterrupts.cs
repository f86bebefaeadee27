using Ringmaster.Cpu.Interpreter.Flags;

namespace Ringmaster.Cpu.Interpreter.Execution;

/// <summary>INT n, INT3, INTO and INT1: delivered by the instruction itself, with the next instruction's RIP.</summary>
internal unsafe partial class Vcpu
{
    /// <summary>The instruction in execution has decided itself whether a single-step trap follows it.</summary>
    private bool _dropsTrap;

    /// <summary>INT3 and INTO: exceptions that look at the gate's privilege level.</summary>
    /// <param name="vector">The vector.</param>
    /// <param name="next">RIP of the next instruction.</param>
    internal Status SoftwareException(Vector vector, ulong next) => Announced(SoftwareInterrupt((byte)vector, next), vector, next);

    /// <summary>INT n outside virtual-8086 mode.</summary>
    private Status SoftwareInterrupt(byte vector, ulong next) => Interrupt(new Delivery(vector, null, true, next, Flags));

    /// <summary>INT n, which virtual-8086 mode may redirect or refuse (SDM 3B 20.3, table 20-2).</summary>
    internal Status NumberedInterrupt(byte vector, ulong next)
    {
        if (!IsVirtual8086)
            return SoftwareInterrupt(vector, next);
        var redirected = false;
        if ((Cr4 & Cr4Bits.Vme) != 0 && !ReadRedirection(vector, out redirected))
            return FaultOrExit;
        if (redirected)
            return RedirectInterrupt(vector, next);
        return Iopl < 3 ? RaiseGeneralProtection() : SoftwareInterrupt(vector, next);
    }

    /// <summary>INT1: a #DB without the gate's privilege check (SDM 3A 6.4.4).</summary>
    internal Status DebugInterrupt(ulong next) =>
        Announced(Interrupt(new Delivery((byte)Vector.Debug, null, false, next, Flags)), Vector.Debug, next);

    private Status Announced(Status status, Vector vector, ulong next)
    {
        if (status == Status.Branch)
            _observer?.ExceptionDelivered(Index, (byte)vector, null, next);
        return status;
    }

    private Status Interrupt(in Delivery delivery)
    {
        // A fault of the new task must not take RIP back to this instruction of the old one.
        if (!Deliver(delivery))
            return _newTaskFaults ? Status.Branch : FaultOrExit;
        // The handler starts with TF clear and is not trapped; the step that led here is over (SDM 3B 17.3.1.4).
        _dropsTrap = true;
        UpdateAttention();
        return Status.Branch;
    }

    // A set bit sends the interrupt to the protected-mode handler, a clear one to the 8086 program's own.
    private bool ReadRedirection(byte vector, out bool redirected)
    {
        redirected = false;
        ref readonly var task = ref Segments[SegmentIndex.Tr];
        if (task.Limit < TssIoMap + 1)
            return Fail(Vector.GeneralProtection, 0);
        if (!ReadSystem(task.Base + TssIoMap, out ushort map))
            return false;
        // The redirection bitmap is the 32 bytes below the I/O bitmap.
        var offset = map - 32u + vector / 8u;
        if (offset > task.Limit)
            return Fail(Vector.GeneralProtection, 0);
        if (!ReadSystem(task.Base + offset, out byte bits))
            return false;
        redirected = (bits & (1 << (vector & 7))) == 0;
        return true;
    }

    private Status RedirectInterrupt(byte vector, ulong next)
    {
        if (!ReadSystem(vector * 4UL, out uint target))
            return FaultOrExit;
        var flags = Flags;
        var pushed = flags & 0xFFFF;
        uint cleared;
        if (Iopl < 3)
        {
            // The 8086 program sees its virtual interrupt flag and all I/O privilege.
            pushed = (pushed & ~Rflags.Interrupt) | Rflags.IoPrivilege
                | ((flags & Rflags.VirtualInterrupt) != 0 ? Rflags.Interrupt : 0);
            cleared = Rflags.VirtualInterrupt;
        }
        else
        {
            cleared = Rflags.Interrupt;
        }
        var delivery = new Delivery(vector, null, true, next, flags);
        if (!EnterRealHandler(delivery, target, (ushort)pushed, OtherFlags & ~(cleared | Rflags.Trap | Rflags.Resume)))
            return FaultOrExit;
        _dropsTrap = true;
        UpdateAttention();
        return Status.Branch;
    }
}
