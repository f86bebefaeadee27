namespace Ringmaster.Backends.Disks;

/// <summary>What a new image shall be.</summary>
/// <param name="Path">The file, which does not exist yet.</param>
/// <param name="Format">Its format.</param>
public sealed record ImageSpec(string Path, DiskFormat Format)
{
    /// <summary>Bytes of the disk, a multiple of 512; null for those of the backing image.</summary>
    public long? Size { get; init; }

    /// <summary>What the image is based on, as it shall be written there; relative paths start from the image's directory.</summary>
    public string? BackingFile { get; init; }

    /// <summary>The backing image's format; null to go by its content and record that.</summary>
    public DiskFormat? BackingFormat { get; init; }

    /// <summary>Bytes of a cluster: a power of two from 512 to 2 MiB.</summary>
    public int ClusterSize { get; init; } = 64 * 1024;

    /// <summary>Whether compressed clusters are Zstandard's rather than deflate's, which older programs do not read.</summary>
    public bool UsesZstandard { get; init; }
}
