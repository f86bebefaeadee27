namespace Ringmaster.Devices.Virtio.Rings;

/// <summary>A chain that a device is done with.</summary>
/// <param name="Chain">The chain.</param>
/// <param name="Written">Bytes at the start of its writable part that the device has written.</param>
public readonly record struct UsedChain(DescriptorChain Chain, uint Written);
