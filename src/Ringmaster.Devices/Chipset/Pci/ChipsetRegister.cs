namespace Ringmaster.Devices.Chipset.Pci;

/// <summary>A register of a chipset's function.</summary>
/// <param name="Offset">In the configuration space.</param>
/// <param name="Size">1, 2 or 4 bytes.</param>
/// <param name="Value">What it holds after reset.</param>
/// <param name="Writable">The bits that software can write.</param>
public readonly record struct ChipsetRegister(int Offset, int Size, uint Value = 0, uint Writable = 0);
