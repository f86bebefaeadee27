namespace Ringmaster.Cpu.State;

/// <summary>GDTR or IDTR (SDM 3A 2.4).</summary>
/// <param name="Base">Linear address of the table.</param>
/// <param name="Limit">Offset of its last byte.</param>
public readonly record struct DescriptorTable(ulong Base, ushort Limit);
