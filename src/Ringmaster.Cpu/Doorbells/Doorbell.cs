namespace Ringmaster.Cpu.Doorbells;

/// <summary>A write of the guest's that says no more than that it was made: a device's notification register.</summary>
/// <param name="Address">A guest-physical address or a port.</param>
/// <param name="IsPort">Whether it is a port.</param>
/// <param name="Length">Bytes written: 1, 2, 4 or 8; 0 for any.</param>
/// <param name="Value">The only value that counts, all others being exits; null for any.</param>
public readonly record struct Doorbell(ulong Address, bool IsPort, int Length, ulong? Value);
