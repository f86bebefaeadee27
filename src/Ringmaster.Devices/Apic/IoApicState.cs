using System.Collections.Immutable;

namespace Ringmaster.Devices.Apic;

/// <summary>An I/O APIC's saved state.</summary>
/// <param name="Select">IOREGSEL.</param>
/// <param name="Id">IOAPICID, bits 27:24 of the register.</param>
/// <param name="Entries">The redirection table, 24 registers.</param>
/// <param name="Inputs">Levels of the input pins, bit n for pin n.</param>
public sealed record IoApicState(byte Select, byte Id, ImmutableArray<ulong> Entries, uint Inputs);
