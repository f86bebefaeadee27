using Ringmaster.Cpu.Interpreter.Flags;
using Ringmaster.Cpu.State;

namespace Ringmaster.Cpu.Interpreter.Execution;

/// <summary>Delivery of what is pending, and of what goes wrong with it (SDM 3A chapter 6).</summary>
internal sealed unsafe partial class Vcpu
{
    private const ulong DebugControlOnException = 3;

    /// <summary>
    /// Delivers <see cref="Pending"/>. A fault on the way takes its place, as table 6-5 says. If a device must answer first,
    /// the event stays pending and the whole delivery is done again from its start.
    /// </summary>
    private void DeliverPending()
    {
        var original = Pending;
        var current = original;
        while (true)
        {
            HasPending = false;
            if (TryDeliver(current))
                return;
            if (HasPendingExit)
            {
                Pending = original;
                HasPending = true;
                return;
            }
            switch (Combine(current, Pending.Vector))
            {
                case Combination.Shutdown:
                    HasPending = false;
                    Activity = ActivityState.Shutdown;
                    return;
                case Combination.DoubleFault:
                    current = new PendingException((byte)Vector.DoubleFault, _isProtectedMode ? 0 : null, PendingExceptionKind.HardwareException);
                    break;
                default:
                    current = Pending;
                    break;
            }
        }
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
        var flags = Flags | (Delivery.PushesResume(pending) ? Rflags.Resume : 0);
        var isSoftware = pending.Kind == PendingExceptionKind.SoftwareInterrupt;
        if (!Deliver(new Delivery(pending.Vector, pending.ErrorCode, isSoftware, Rip, flags)))
            return false;
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
