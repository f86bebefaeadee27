namespace Ringmaster.Machine.Configuration;

/// <summary>By what a guest reaches a disk.</summary>
public enum DiskInterface
{
    /// <summary>A virtio block device, the fastest.</summary>
    Virtio,

    /// <summary>An NVMe controller of its own.</summary>
    Nvme,

    /// <summary>A port of an AHCI controller.</summary>
    Sata,

    /// <summary>A drive on a channel of a PIIX3.</summary>
    Ide,

    /// <summary>A CD-ROM drive: on a port of an AHCI controller, or on a channel of a PIIX3 where the board has one of these.</summary>
    CdRom,

    /// <summary>A diskette drive.</summary>
    Floppy,
}
