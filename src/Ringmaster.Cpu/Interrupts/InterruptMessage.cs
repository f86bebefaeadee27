namespace Ringmaster.Cpu.Interrupts;

/// <summary>An interrupt message from an I/O APIC or a device (SDM 3A 11.11).</summary>
/// <param name="Destination">A physical APIC ID or a logical destination; FFh for all.</param>
/// <param name="IsLogical">Whether it is logical.</param>
/// <param name="Mode">The delivery mode, 0 to 7 (SDM 3A 11.6.1).</param>
/// <param name="Vector">The vector.</param>
/// <param name="IsLevel">Whether somebody waits for its EOI.</param>
public readonly record struct InterruptMessage(uint Destination, bool IsLogical, byte Mode, byte Vector, bool IsLevel);
