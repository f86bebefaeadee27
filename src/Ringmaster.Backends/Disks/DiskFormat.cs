namespace Ringmaster.Backends.Disks;

/// <summary>How a disk's content is laid out in a file.</summary>
public enum DiskFormat
{
    /// <summary>Byte for byte.</summary>
    Raw,

    /// <summary>QEMU's copy-on-write format, versions 2 and 3.</summary>
    Qcow2,
}
