using System.Runtime.InteropServices;

namespace Ringmaster.Host.Kvm;

/// <summary>struct kvm_vcpu_events: what waits to be delivered, and what holds it off.</summary>
[StructLayout(LayoutKind.Explicit, Size = 64)]
public struct KvmEvents
{
    /// <summary>Bits of <see cref="Flags"/>: which fields count when events are set.</summary>
    public const uint NmiPendingValid = 1, ShadowValid = 4, SystemManagementValid = 8;

    /// <summary>Bits of <see cref="Shadow"/>.</summary>
    public const byte MovSsShadow = 1, StiShadow = 2;

    /// <summary>The delivery of an exception has begun.</summary>
    [FieldOffset(0)] public byte ExceptionInjected;

    /// <summary>Its vector.</summary>
    [FieldOffset(1)] public byte ExceptionVector;

    /// <summary>It has an error code.</summary>
    [FieldOffset(2)] public byte ExceptionHasErrorCode;

    /// <summary>The error code.</summary>
    [FieldOffset(4)] public uint ExceptionErrorCode;

    /// <summary>The delivery of an interrupt has begun.</summary>
    [FieldOffset(8)] public byte InterruptInjected;

    /// <summary>Its vector.</summary>
    [FieldOffset(9)] public byte InterruptVector;

    /// <summary>It is that of INT n.</summary>
    [FieldOffset(10)] public byte InterruptIsSoft;

    /// <summary>The shadow of STI or MOV SS.</summary>
    [FieldOffset(11)] public byte Shadow;

    /// <summary>The delivery of an NMI has begun.</summary>
    [FieldOffset(12)] public byte NmiInjected;

    /// <summary>An NMI waits.</summary>
    [FieldOffset(13)] public byte NmiPending;

    /// <summary>NMIs are blocked until IRET.</summary>
    [FieldOffset(14)] public byte NmiMasked;

    /// <summary>Which of these fields count.</summary>
    [FieldOffset(20)] public uint Flags;

    /// <summary>The vCPU is in system-management mode.</summary>
    [FieldOffset(24)] public byte InSystemManagement;

    /// <summary>An SMI waits.</summary>
    [FieldOffset(25)] public byte SmiPending;
}
