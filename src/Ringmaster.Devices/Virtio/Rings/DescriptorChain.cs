namespace Ringmaster.Devices.Virtio.Rings;

/// <summary>What a driver has made available in one go: bytes for the device to read, then room for it to write.</summary>
/// <param name="Id">By what the driver knows it; no two that are in flight have the same.</param>
/// <param name="Count">How many of the ring's descriptors it takes; 1 in a split ring, which counts chains.</param>
/// <param name="Readable">What the driver tells the device.</param>
/// <param name="Writable">Room for the answer.</param>
public sealed record DescriptorChain(ushort Id, int Count, BufferList Readable, BufferList Writable)
{
    /// <summary>What was found in the ring and may be overwritten there.</summary>
    internal IReadOnlyList<RingDescriptor> Found { get; init; } = [];

    internal ChainState Capture() => new(Id, [.. Found]);
}
