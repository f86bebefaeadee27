namespace Ringmaster.Devices.Virtio.Rings;

/// <summary>A descriptor as it was found in a ring.</summary>
/// <param name="Address">Of the buffer, or of a table of descriptors.</param>
/// <param name="Length">Bytes.</param>
/// <param name="Flags">What is there (virtio 1.2 sections 2.7.5 and 2.8.5).</param>
public readonly record struct RingDescriptor(ulong Address, uint Length, ushort Flags);
