namespace Ringmaster.Guests.Tests.Pc;

/// <summary>Modules of Debian's kernels, each behind those that it needs.</summary>
internal static class Modules
{
    public static string[] Virtio { get; } =
    [
        "drivers/virtio/virtio.ko", "drivers/virtio/virtio_ring.ko", "drivers/virtio/virtio_pci_modern_dev.ko",
        "drivers/virtio/virtio_pci_legacy_dev.ko", "drivers/virtio/virtio_pci.ko",
    ];

    public static string[] VirtioBlock { get; } = [.. Virtio, "drivers/block/virtio_blk.ko"];

    public static string[] VirtioNet { get; } = [.. Virtio, "net/core/failover.ko", "drivers/net/net_failover.ko", "drivers/net/virtio_net.ko"];

    public static string[] VirtioConsole { get; } = [.. Virtio, "drivers/char/virtio_console.ko"];

    public static string[] VirtioBalloon { get; } = [.. Virtio, "drivers/virtio/virtio_balloon.ko"];

    public static string[] VirtioInput { get; } = [.. Virtio, "drivers/virtio/virtio_input.ko"];

    public static string[] VirtioVsock { get; } =
    [
        .. Virtio, "net/vmw_vsock/vsock.ko", "net/vmw_vsock/vmw_vsock_virtio_transport_common.ko", "net/vmw_vsock/vmw_vsock_virtio_transport.ko",
    ];

    public static string[] Ata { get; } =
        ["drivers/scsi/scsi_common.ko", "drivers/scsi/scsi_mod.ko", "drivers/ata/libata.ko", "drivers/scsi/sd_mod.ko", "drivers/ata/ata_piix.ko"];

    /// <summary>For disks on SATA ports, in the generic kernel: the cloud kernel has no driver for AHCI.</summary>
    public static string[] Ahci { get; } =
    [
        "crypto/crct10dif_common.ko", "lib/crc-t10dif.ko", "lib/crc64.ko", "lib/crc64-rocksoft.ko", "block/t10-pi.ko",
        "drivers/scsi/scsi_common.ko", "drivers/scsi/scsi_mod.ko", "drivers/ata/libata.ko", "drivers/scsi/sd_mod.ko", "drivers/ata/libahci.ko",
        "drivers/ata/ahci.ko",
    ];

    /// <summary>For CD-ROM drives, after those of what they hang on.</summary>
    public static string[] CdRom { get; } = ["drivers/cdrom/cdrom.ko", "drivers/scsi/sr_mod.ko"];

    public static string[] E1000 { get; } = ["drivers/net/ethernet/intel/e1000/e1000.ko"];

    public static string[] NineP { get; } =
    [
        .. Virtio, "fs/netfs/netfs.ko", "fs/fscache/fscache.ko", "net/9p/9pnet.ko", "net/9p/9pnet_virtio.ko", "fs/9p/9p.ko",
    ];

    /// <summary>The command that loads them from a guest's root directory.</summary>
    public static string Load(IEnumerable<string> modules) => string.Join("; ", modules.Select(m => $"insmod /{Path.GetFileName(m)}").Append("true"));
}
