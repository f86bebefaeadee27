using Ringmaster.Memory;

namespace Ringmaster.Devices.Virtio.Rings;

/// <summary>A piece of memory that a driver has put into a ring. It need not be RAM.</summary>
/// <param name="Address">The first byte.</param>
/// <param name="Length">Bytes.</param>
public readonly record struct GuestBuffer(GuestPhysicalAddress Address, uint Length);
