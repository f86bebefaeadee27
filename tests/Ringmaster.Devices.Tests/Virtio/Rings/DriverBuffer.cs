namespace Ringmaster.Devices.Tests.Virtio.Rings;

/// <summary>A buffer that a driver makes available.</summary>
public readonly record struct DriverBuffer(ulong Address, uint Length, bool IsWritable);
