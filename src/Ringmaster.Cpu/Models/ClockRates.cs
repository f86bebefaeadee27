namespace Ringmaster.Cpu.Models;

/// <summary>The rates of a vCPU's counters, as CPUID announces them.</summary>
/// <param name="TscHertz">Ticks of the time-stamp counter a second.</param>
/// <param name="ApicTimerHertz">
/// Ticks of the local APIC's timer a second before its divider. It is the crystal clock of leaf 15h (SDM 3A 11.5.4), so the
/// machine's local APIC must count at this rate.
/// </param>
public readonly record struct ClockRates(ulong TscHertz, ulong ApicTimerHertz)
{
    /// <summary>The local APIC's rate unless a machine says otherwise: one tick a nanosecond.</summary>
    public const ulong DefaultApicTimerHertz = 1_000_000_000;

    /// <summary>Rates with the local APIC's timer at <see cref="DefaultApicTimerHertz"/>.</summary>
    public static ClockRates WithTsc(ulong hertz) => new(hertz, DefaultApicTimerHertz);
}
