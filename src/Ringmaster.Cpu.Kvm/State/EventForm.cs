using Ringmaster.Cpu.State;
using Ringmaster.Host.Kvm;

namespace Ringmaster.Cpu.Kvm.State;

/// <summary>Events that wait and what holds them off, between the canonical form and the kernel's.</summary>
internal static class EventForm
{
    /// <summary>To the kernel's form.</summary>
    public static KvmEvents ToKvm(CpuState state)
    {
        var events = new KvmEvents
        {
            NmiMasked = Bit(state.NmiBlocked),
            NmiPending = Bit(state.NmiPending),
            Shadow = (byte)((state.MovSsShadow ? KvmEvents.MovSsShadow : 0) | (state.StiShadow ? KvmEvents.StiShadow : 0)),
            Flags = KvmEvents.NmiPendingValid | KvmEvents.ShadowValid,
        };
        switch (state.Pending)
        {
            case null:
                break;
            case { Kind: PendingExceptionKind.NonMaskableInterrupt }:
                events.NmiInjected = 1;
                break;
            case { Kind: PendingExceptionKind.HardwareException } exception:
                events.ExceptionInjected = 1;
                events.ExceptionVector = exception.Vector;
                events.ExceptionHasErrorCode = Bit(exception.ErrorCode is not null);
                events.ExceptionErrorCode = exception.ErrorCode ?? 0;
                break;
            case { } interrupt:
                events.InterruptInjected = 1;
                events.InterruptVector = interrupt.Vector;
                events.InterruptIsSoft = Bit(interrupt.Kind == PendingExceptionKind.SoftwareInterrupt);
                break;
        }
        return events;
    }

    /// <summary>From the kernel's form.</summary>
    public static void ToCanonical(in KvmEvents events, CpuState state)
    {
        const byte nmi = 2;
        state.NmiBlocked = events.NmiMasked != 0;
        state.NmiPending = events.NmiPending != 0;
        // AMD's processors have one shadow for both instructions; the kernel then names both.
        state.MovSsShadow = (events.Shadow & KvmEvents.MovSsShadow) != 0;
        state.StiShadow = (events.Shadow & KvmEvents.StiShadow) != 0;
        state.Pending = events.ExceptionInjected != 0
            ? new PendingException(events.ExceptionVector, events.ExceptionHasErrorCode != 0 ? events.ExceptionErrorCode : null,
                PendingExceptionKind.HardwareException)
            : events.NmiInjected != 0 ? new PendingException(nmi, null, PendingExceptionKind.NonMaskableInterrupt)
            : events.InterruptInjected != 0 ? new PendingException(events.InterruptVector, null,
                events.InterruptIsSoft != 0 ? PendingExceptionKind.SoftwareInterrupt : PendingExceptionKind.ExternalInterrupt)
            : null;
    }

    private static byte Bit(bool set) => set ? (byte)1 : (byte)0;
}
