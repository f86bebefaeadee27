namespace Ringmaster.Devices.Apic;

/// <summary>A local APIC timer's saved state.</summary>
/// <param name="InitialCount">The initial-count register.</param>
/// <param name="DivideConfiguration">The divide-configuration register.</param>
/// <param name="IsRunning">Whether a count was started and has not run out.</param>
/// <param name="Start">VM clock time at which the count was at its initial value, nanoseconds.</param>
/// <param name="TscDeadline">IA32_TSC_DEADLINE; 0 while not armed.</param>
/// <param name="Alarm">VM clock time of the next expiry, or null.</param>
public sealed record ApicTimerState(
    uint InitialCount, uint DivideConfiguration, bool IsRunning, long Start, ulong TscDeadline, long? Alarm);
