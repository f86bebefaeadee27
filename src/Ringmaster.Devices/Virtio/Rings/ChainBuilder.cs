using Ringmaster.Devices.Dma;
using Ringmaster.Memory;

namespace Ringmaster.Devices.Virtio.Rings;

/// <summary>Gathers a chain's buffers and watches over the rules: what is readable first, and no more descriptors than the ring has.</summary>
/// <param name="dma">Memory as the device sees it.</param>
/// <param name="most">The most descriptors of a chain.</param>
internal sealed class ChainBuilder(DmaSpace dma, int most)
{
    private readonly List<GuestBuffer> _readable = [], _writable = [];
    private ulong _length;

    public bool TryAdd(ulong address, uint length, bool isWritable)
    {
        if (_readable.Count + _writable.Count >= most || (!isWritable && _writable.Count > 0))
            return false;
        // Less than 4 GiB together (virtio 1.2 section 2.7.5), so that lengths written fit their field.
        _length += length;
        if (_length > uint.MaxValue || address > ulong.MaxValue - length)
            return false;
        (isWritable ? _writable : _readable).Add(new GuestBuffer(new GuestPhysicalAddress(address), length));
        return true;
    }

    public DescriptorChain Build(ushort id, int count) => new(id, count, new BufferList(dma, _readable), new BufferList(dma, _writable));
}
