namespace Ringmaster.Devices.Pci;

/// <summary>A register of which a write says no more than that it was made, so that someone may carry it out a little later.</summary>
/// <param name="Bar">What it is behind.</param>
/// <param name="Offset">Where, from the start of the block.</param>
/// <param name="Length">Bytes written; 0 for any number.</param>
/// <param name="Value">The value that is written for <paramref name="Ring"/>; null if any does.</param>
/// <param name="Ring">Does what the write does.</param>
public sealed record PciDoorbell(PciBar Bar, ulong Offset, int Length, uint? Value, Action Ring);
