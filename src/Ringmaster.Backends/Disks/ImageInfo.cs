namespace Ringmaster.Backends.Disks;

/// <summary>What an image is.</summary>
/// <param name="Path">The file.</param>
/// <param name="Format">Its format.</param>
/// <param name="Length">Bytes of the disk.</param>
/// <param name="FileLength">Bytes of the file, or of the block device.</param>
public sealed record ImageInfo(string Path, DiskFormat Format, long Length, long FileLength)
{
    /// <summary>Bytes that the file takes on the host's disk; holes take none.</summary>
    public long AllocatedLength { get; init; }

    /// <summary>The version of the format, for qcow2.</summary>
    public int? Version { get; init; }

    /// <summary>Bytes of a cluster, for qcow2.</summary>
    public int? ClusterSize { get; init; }

    /// <summary>Bits of a reference count, for qcow2.</summary>
    public int? RefcountBits { get; init; }

    /// <summary>How compressed clusters are compressed, for qcow2: deflate or zstd.</summary>
    public string? Compression { get; init; }

    /// <summary>What the image is based on, as it is written there.</summary>
    public string? BackingFile { get; init; }

    /// <summary>The format that the image says its backing image has.</summary>
    public string? BackingFormat { get; init; }

    /// <summary>Whether a writer crashed that did not keep the reference counts up.</summary>
    public bool IsDirty { get; init; }

    /// <summary>Whether a writer found the image to be damaged.</summary>
    public bool IsCorrupt { get; init; }

    /// <summary>The snapshots inside.</summary>
    public IReadOnlyList<SnapshotInfo> Snapshots { get; init; } = [];
}
