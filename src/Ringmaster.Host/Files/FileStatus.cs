namespace Ringmaster.Host.Files;

/// <summary>What Linux tells of a file (statx(2)). Times are seconds and nanoseconds since 1970.</summary>
public readonly record struct FileStatus
{
    private const uint TypeMask = 0xF000, Directory = 0x4000, Regular = 0x8000, Symlink = 0xA000;

    /// <summary>Type and permissions.</summary>
    public uint Mode { get; init; }

    /// <summary>The owner.</summary>
    public uint User { get; init; }

    /// <summary>The group.</summary>
    public uint Group { get; init; }

    /// <summary>Names that it has.</summary>
    public uint Links { get; init; }

    /// <summary>The number of the device that it lies on.</summary>
    public ulong Device { get; init; }

    /// <summary>Its number there.</summary>
    public ulong Inode { get; init; }

    /// <summary>The number of the device that it is, if it is one.</summary>
    public ulong OwnDevice { get; init; }

    /// <summary>Bytes.</summary>
    public ulong Size { get; init; }

    /// <summary>The best size of a transfer.</summary>
    public uint BlockSize { get; init; }

    /// <summary>Units of 512 bytes that it takes.</summary>
    public ulong Blocks { get; init; }

    /// <summary>Last read.</summary>
    public (long Seconds, uint Nanoseconds) Accessed { get; init; }

    /// <summary>Content last written.</summary>
    public (long Seconds, uint Nanoseconds) Modified { get; init; }

    /// <summary>Last changed in any way.</summary>
    public (long Seconds, uint Nanoseconds) Changed { get; init; }

    /// <summary>Whether it is a directory.</summary>
    public bool IsDirectory => (Mode & TypeMask) == Directory;

    /// <summary>Whether it is a file with content.</summary>
    public bool IsRegular => (Mode & TypeMask) == Regular;

    /// <summary>Whether it is a symbolic link.</summary>
    public bool IsSymlink => (Mode & TypeMask) == Symlink;
}
