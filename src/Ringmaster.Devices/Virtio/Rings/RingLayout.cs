using Ringmaster.Memory;

namespace Ringmaster.Devices.Virtio.Rings;

/// <summary>Where a ring is, and what was agreed on about it.</summary>
/// <param name="Size">Descriptors; for split rings a power of two.</param>
/// <param name="Descriptors">The table, or the whole packed ring.</param>
/// <param name="Driver">What the driver writes: the available ring, or the packed ring's driver area.</param>
/// <param name="Device">What the device writes: the used ring, or the packed ring's device area.</param>
/// <param name="HasIndirect">Descriptors may name tables.</param>
/// <param name="HasEventIndex">Notifications are asked for by position.</param>
internal readonly record struct RingLayout(
    int Size, GuestPhysicalAddress Descriptors, GuestPhysicalAddress Driver, GuestPhysicalAddress Device, bool HasIndirect, bool HasEventIndex);
