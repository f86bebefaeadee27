namespace Ringmaster.Devices.Virtio.Rings;

/// <summary>What a driver has made available in one go: bytes for the device to read, then room for it to write.</summary>
/// <param name="Position">Where it is in the ring, to find it again.</param>
/// <param name="Id">By what the driver knows it.</param>
/// <param name="Count">How many of the ring's descriptors it takes.</param>
/// <param name="Readable">What the driver tells the device.</param>
/// <param name="Writable">Room for the answer.</param>
public sealed record DescriptorChain(uint Position, ushort Id, int Count, BufferList Readable, BufferList Writable);
