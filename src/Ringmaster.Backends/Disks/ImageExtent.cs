namespace Ringmaster.Backends.Disks;

/// <summary>A run of bytes on a disk of one kind.</summary>
/// <param name="Length">Bytes; at least one.</param>
/// <param name="Kind">Where its content comes from.</param>
public readonly record struct ImageExtent(long Length, ExtentKind Kind)
{
    /// <summary>Whether the run is known to read as zeros without a look at its content.</summary>
    public bool IsZero => Kind is ExtentKind.Zero or ExtentKind.Absent;
}
