using System.Collections.Immutable;

namespace Ringmaster.Devices.Apic;

/// <summary>A local APIC's saved state. Registers are in their MMIO form.</summary>
/// <param name="ApicBase">IA32_APIC_BASE.</param>
/// <param name="Id">The xAPIC ID register's byte.</param>
/// <param name="TaskPriority">TPR.</param>
/// <param name="LogicalDestination">LDR of xAPIC mode.</param>
/// <param name="DestinationFormat">DFR.</param>
/// <param name="SpuriousVector">SVR.</param>
/// <param name="InService">ISR, 8 words.</param>
/// <param name="TriggerMode">TMR, 8 words.</param>
/// <param name="Requests">IRR, 8 words.</param>
/// <param name="ErrorStatus">ESR as software reads it.</param>
/// <param name="NewErrors">Errors since ESR was last written.</param>
/// <param name="Lvt">CMCI, timer, thermal, performance, LINT0, LINT1, error.</param>
/// <param name="Command">ICR.</param>
/// <param name="Timer">The timer.</param>
/// <param name="Lint0">Level of LINT0.</param>
/// <param name="Lint1">Level of LINT1.</param>
/// <param name="Lint0RemoteIrr">A level interrupt of LINT0 waits for its EOI.</param>
/// <param name="ExtIntRequest">An ExtINT message has not been acknowledged yet.</param>
/// <param name="Signalled">The processor was told of an interrupt and has not acknowledged one since.</param>
public sealed record LocalApicState(
    ulong ApicBase,
    byte Id,
    byte TaskPriority,
    uint LogicalDestination,
    uint DestinationFormat,
    uint SpuriousVector,
    ImmutableArray<uint> InService,
    ImmutableArray<uint> TriggerMode,
    ImmutableArray<uint> Requests,
    uint ErrorStatus,
    uint NewErrors,
    ImmutableArray<uint> Lvt,
    ulong Command,
    ApicTimerState Timer,
    bool Lint0,
    bool Lint1,
    bool Lint0RemoteIrr,
    bool ExtIntRequest,
    bool Signalled);
