namespace Ringmaster.Backends.Disks;

/// <summary>When what a guest writes has to reach the host's disk. All go through the host's page cache.</summary>
public enum DiskCache
{
    /// <summary>When the guest flushes.</summary>
    WriteBack,

    /// <summary>Before each write completes.</summary>
    WriteThrough,

    /// <summary>Never: a loss of power may destroy the disk's content. For disks that can be made again.</summary>
    Unsafe,
}
