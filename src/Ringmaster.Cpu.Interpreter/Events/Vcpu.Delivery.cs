using Ringmaster.Cpu.Interpreter.Flags;
using Ringmaster.Cpu.State;

namespace Ringmaster.Cpu.Interpreter.Execution;

/// <summary>Delivery of what is pending, and of what goes wrong with it (SDM 3A chapter 6).</summary>
internal unsafe partial class Vcpu
{
    private const ulong DebugControlOnException = 3;

    /// <summary>Events delivered since creation.</summary>
    internal long Deliveries { get; set; }

    /// <summary>
    /// Tries to deliver <see cref="Pending"/>. A fault on the way takes its place, as table 6-5 says, and stays pending: the
    /// loop looks up in between, for a table can make faults follow each other forever (#AC whose own stack is misaligned). If
    /// a device must answer first, the event stays pending and its delivery is done again from its start.
    /// </summary>
    private void DeliverPending()
    {
        var current = Pending;
        HasPending = false;
        if (TryDeliver(current))
            return;
        if (HasPendingExit)
        {
            Pending = current;
            HasPending = true;
            return;
        }
        Report(current, Rip);
        ForgetAnswers();
        switch (Combine(current, Pending.Vector))
        {
            case Combination.Shutdown:
                HasPending = false;
                Activity = ActivityState.Shutdown;
                break;
            case Combination.DoubleFault:
                Pending = new PendingException((byte)Vector.DoubleFault, _isProtectedMode ? 0 : null, PendingExceptionKind.HardwareException);
                break;
        }
    }

    /// <summary>Tells the observer of an exception whose delivery is decided.</summary>
    private void Report(in PendingException pending, ulong rip)
    {
        if (pending.Kind == PendingExceptionKind.HardwareException)
            _observer?.ExceptionDelivered(Index, pending.Vector, pending.ErrorCode, rip);
    }

    /// <summary>
    /// Delivers what is pending or else executes one instruction, for those who look at the state in between.
    /// </summary>
    /// <returns>An exit to be answered with <see cref="Settle"/>, or null.</returns>
    internal Exits.VmExit? Advance()
    {
        _exitIsAfter = false;
        if (HasPending)
        {
            _answeringInstruction = false;
            DeliverPending();
        }
        else
        {
            Step();
        }
        return HasPendingExit ? TakeExit(awaitsAnswer: !_exitIsAfter) : null;
    }

    private bool TryDeliver(in PendingException pending)
    {
        // A debug trap between two elements pushes RF on Intel processors only (SDM 3B 17.3.1.1); AMD's leave it clear.
        var resumes = Delivery.PushesResume(pending)
            || (Rip == _repeatRip && !(Features.IsAmd && pending.Vector == (byte)Vector.Debug));
        var flags = Flags | (resumes ? Rflags.Resume : 0);
        var isSoftware = pending.Kind == PendingExceptionKind.SoftwareInterrupt;
        var rip = Rip;
        if (!Deliver(new Delivery(pending.Vector, pending.ErrorCode, isSoftware, rip, flags)))
            return false;
        _repeatRip = Nowhere;
        Deliveries++;
        Report(pending, rip);
        if (pending.Kind == PendingExceptionKind.NonMaskableInterrupt)
            NmiBlocked = true;
        if (pending.Kind == PendingExceptionKind.HardwareException && pending.Vector == (byte)Vector.Debug)
        {
            // SDM 3B 17.2.4, 17.4.1: the handler may use the debug registers, and is not traced itself.
            Dr7 &= ~Dr7GeneralDetect;
            Msr.DebugControl &= ~DebugControlOnException;
        }
        UpdateAttention();
        return true;
    }

    /// <summary>Takes an event to its handler. False with a fault or a question pending, and no register changed.</summary>
    private bool Deliver(in Delivery delivery)
    {
        _externalEvent = delivery.IsSoftware ? 0u : 1u;
        _newTaskFaults = false;
        var done = !_isProtectedMode ? DeliverReal(delivery)
            : IsLongMode ? DeliverLong(delivery)
            : DeliverProtected(delivery);
        _externalEvent = 0;
        if (done)
            StiShadow = MovSsShadow = false;
        return done;
    }

    private static Combination Combine(in PendingException first, byte second)
    {
        if (first.Kind != PendingExceptionKind.HardwareException)
            return Combination.Serial;
        if (first.Vector == (byte)Vector.DoubleFault)
            return IsContributory(second) || IsPageFault(second) ? Combination.Shutdown : Combination.Serial;
        if (IsPageFault(first.Vector))
            return IsContributory(second) || IsPageFault(second) ? Combination.DoubleFault : Combination.Serial;
        return IsContributory(first.Vector) && IsContributory(second) ? Combination.DoubleFault : Combination.Serial;
    }

    private static bool IsContributory(byte vector) => (Vector)vector is Vector.DivideError or Vector.InvalidTss
        or Vector.SegmentNotPresent or Vector.StackFault or Vector.GeneralProtection;

    private static bool IsPageFault(byte vector) => vector == (byte)Vector.PageFault;
}
