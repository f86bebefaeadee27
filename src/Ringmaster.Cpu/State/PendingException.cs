namespace Ringmaster.Cpu.State;

/// <summary>An exception or interrupt that has been recognised but not yet delivered through the IDT.</summary>
/// <param name="Vector">The IDT entry, 0 to 255.</param>
/// <param name="ErrorCode">The error code to push, or null for none.</param>
/// <param name="Kind">Where it comes from.</param>
public readonly record struct PendingException(byte Vector, uint? ErrorCode, PendingExceptionKind Kind);

/// <summary>The source of an event; the numbers are those of VMX's and SVM's injection fields (SDM 3C 24.8.3).</summary>
public enum PendingExceptionKind
{
    /// <summary>An interrupt from a controller.</summary>
    ExternalInterrupt = 0,

    /// <summary>A non-maskable interrupt.</summary>
    NonMaskableInterrupt = 2,

    /// <summary>An exception that the processor raised.</summary>
    HardwareException = 3,

    /// <summary>INT n.</summary>
    SoftwareInterrupt = 4,
}
