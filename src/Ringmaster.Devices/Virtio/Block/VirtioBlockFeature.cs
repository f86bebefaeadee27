namespace Ringmaster.Devices.Virtio.Block;

/// <summary>Feature bits of block devices (virtio 1.2 section 5.2.3), as masks.</summary>
internal static class VirtioBlockFeature
{
    public const ulong MostSegments = 1UL << 2, ReadOnly = 1UL << 5, BlockSize = 1UL << 6, Flush = 1UL << 9, Topology = 1UL << 10,
        CacheMode = 1UL << 11, Queues = 1UL << 12, Discard = 1UL << 13, WriteZeroes = 1UL << 14;
}
