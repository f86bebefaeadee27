using Ringmaster.Backends.Disks;

namespace Ringmaster.Machine.Configuration;

/// <summary>A disk of the machine.</summary>
/// <param name="Path">The absolute path of an image or a block device of the host.</param>
public sealed record DiskConfig(string Path)
{
    /// <summary>Its name, which the guest sees as its serial number; null to have one chosen.</summary>
    public string? Id { get; init; }

    /// <summary>By what the guest reaches it.</summary>
    public DiskInterface Interface { get; init; }

    /// <summary>The image's format; null to go by its content.</summary>
    public DiskFormat? Format { get; init; }

    /// <summary>Whether the guest's writes fail.</summary>
    public bool IsReadOnly { get; init; }

    /// <summary>Whether the guest's writes are gone at the end of the run.</summary>
    public bool IsSnapshot { get; init; }

    /// <summary>When the guest's writes reach the host's disk.</summary>
    public DiskCache Cache { get; init; }

    /// <summary>How the back end opens it.</summary>
    public DiskOptions ToOptions() => new(Path, Format, IsReadOnly, IsSnapshot, Cache);
}
