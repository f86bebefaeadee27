using Ringmaster.Devices.Virtio.Rings;

namespace Ringmaster.Devices.Virtio.Block;

/// <summary>A request that the back end works on.</summary>
/// <param name="queue">Where it came from.</param>
/// <param name="chain">Its chain.</param>
internal sealed class VirtioBlockRequest(VirtQueue queue, DescriptorChain chain)
{
    public VirtQueue Queue { get; } = queue;

    public DescriptorChain Chain { get; } = chain;

    /// <summary>Bytes that have been read into the writable part.</summary>
    public uint Read { get; init; }

    /// <summary>Pieces of work that have not ended.</summary>
    public int Pending { get; set; } = 1;

    /// <summary>The worst that has happened so far.</summary>
    public byte Status { get; set; }
}
