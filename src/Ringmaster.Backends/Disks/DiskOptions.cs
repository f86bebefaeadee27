namespace Ringmaster.Backends.Disks;

/// <summary>How a disk is opened.</summary>
/// <param name="Path">A file or a block device of the host.</param>
/// <param name="Format">Its format; null to go by its content.</param>
/// <param name="IsReadOnly">Whether writes fail.</param>
/// <param name="IsSnapshot">Whether writes go to a temporary file, which is gone at the end.</param>
/// <param name="Cache">When writes reach the host's disk.</param>
public sealed record DiskOptions(
    string Path,
    DiskFormat? Format = null,
    bool IsReadOnly = false,
    bool IsSnapshot = false,
    DiskCache Cache = DiskCache.WriteBack);
