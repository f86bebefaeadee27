namespace Ringmaster.Cpu.Interrupts;

/// <summary>The state of an I/O APIC with 24 inputs (82093AA), as it changes hands between an engine and the machine.</summary>
/// <param name="Select">IOREGSEL.</param>
/// <param name="Id">IOAPICID, bits 27:24 of the register.</param>
/// <param name="Inputs">Levels of the inputs, bit n for input n.</param>
/// <param name="Entries">The redirection table.</param>
public sealed record IoApicRegisters(byte Select, byte Id, uint Inputs, IReadOnlyList<ulong> Entries);
