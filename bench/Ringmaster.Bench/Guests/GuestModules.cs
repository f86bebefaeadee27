namespace Ringmaster.Bench.Guests;

/// <summary>Kernel modules for devices that the cloud kernel has no drivers for, each behind those that it needs.</summary>
/// <param name="Directory">The directory that belongs to /lib/modules/RELEASE/kernel.</param>
/// <param name="Files">Paths in it.</param>
internal sealed record GuestModules(string Directory, IReadOnlyList<string> Files)
{
    private static readonly string[] s_virtio =
    [
        "drivers/virtio/virtio.ko", "drivers/virtio/virtio_ring.ko", "drivers/virtio/virtio_pci_modern_dev.ko",
        "drivers/virtio/virtio_pci_legacy_dev.ko", "drivers/virtio/virtio_pci.ko",
    ];

    /// <summary>For a virtio disk.</summary>
    public static GuestModules Disk(string directory) => new(directory, [.. s_virtio, "drivers/block/virtio_blk.ko"]);

    /// <summary>For a virtio network card.</summary>
    public static GuestModules Network(string directory) =>
        new(directory, [.. s_virtio, "net/core/failover.ko", "drivers/net/net_failover.ko", "drivers/net/virtio_net.ko"]);
}
