using System.Runtime.InteropServices;

namespace Ringmaster.Host.Files;

/// <summary>What changes files and directories.</summary>
public sealed unsafe partial class FileNode
{
    private const uint TypeMask = 0xF000, Pipe = 0x1000, Regular = 0x8000, Socket = 0xC000, Permissions = 0x3FF;

    /// <summary>Makes a file in this directory, which must not have such an entry, and opens it.</summary>
    /// <param name="name">Its name.</param>
    /// <param name="flags">As for <see cref="Open"/>.</param>
    /// <param name="mode">Permissions; the bits that lend a user's or group's rights are left out.</param>
    /// <param name="file">The open file.</param>
    public int Create(ReadOnlySpan<byte> name, int flags, uint mode, out OpenFile? file)
    {
        file = null;
        if (!IsName(name))
            return WrongName(name);
        var fd = OpenEntry(name, (flags & OpenFile.Flags) | FileNodeNative.Create | FileNodeNative.Exclusive, mode & Permissions);
        if (fd < 0)
            return Marshal.GetLastPInvokeError();
        file = new OpenFile(fd);
        return HostError.None;
    }

    /// <summary>Makes a directory in this one.</summary>
    public int MakeDirectory(ReadOnlySpan<byte> name, uint mode)
    {
        if (!IsName(name))
            return WrongName(name);
        Span<byte> buffer = stackalloc byte[LongestName + 1];
        // SAFETY: here and below, names are pinned and end in a zero.
        fixed (byte* text = Terminated(name, buffer))
            return Result(FileNodeNative.MakeDirectoryAt(Number, text, mode & Permissions));
    }

    /// <summary>Makes a file, pipe or socket in this directory; devices are refused.</summary>
    public int MakeNode(ReadOnlySpan<byte> name, uint mode)
    {
        if (!IsName(name))
            return WrongName(name);
        if ((mode & TypeMask) is not (0 or Regular or Pipe or Socket))
            return HostError.NotPermitted;
        Span<byte> buffer = stackalloc byte[LongestName + 1];
        fixed (byte* text = Terminated(name, buffer))
            return Result(FileNodeNative.MakeNodeAt(Number, text, mode & (TypeMask | Permissions), 0));
    }

    /// <summary>Makes a symbolic link in this directory; where it leads is not looked at.</summary>
    public int MakeSymlink(ReadOnlySpan<byte> name, ReadOnlySpan<byte> target)
    {
        if (!IsName(name))
            return WrongName(name);
        if (target.IsEmpty || target.Contains((byte)0))
            return HostError.Invalid;
        if (target.Length >= 4096)
            return HostError.NameTooLong;
        Span<byte> buffer = stackalloc byte[LongestName + 1];
        Span<byte> targetBuffer = stackalloc byte[target.Length + 1];
        fixed (byte* text = Terminated(name, buffer), to = Terminated(target, targetBuffer))
            return Result(FileNodeNative.SymlinkAt(to, Number, text));
    }

    /// <summary>Gives a file another name, in this directory.</summary>
    public int Link(FileNode file, ReadOnlySpan<byte> name)
    {
        ArgumentNullException.ThrowIfNull(file);
        if (!IsName(name))
            return WrongName(name);
        Span<byte> buffer = stackalloc byte[LongestName + 1], path = stackalloc byte[PathLength];
        fixed (byte* text = Terminated(name, buffer), from = file.OwnPath(path))
            return Result(FileNodeNative.LinkAt(FileNodeNative.CurrentDirectory, from, Number, text, FileNodeNative.Follow));
    }

    /// <summary>Removes an entry of this directory.</summary>
    public int Remove(ReadOnlySpan<byte> name, bool isDirectory)
    {
        if (!IsName(name))
            return WrongName(name);
        Span<byte> buffer = stackalloc byte[LongestName + 1];
        fixed (byte* text = Terminated(name, buffer))
            return Result(FileNodeNative.UnlinkAt(Number, text, isDirectory ? FileNodeNative.RemoveDirectory : 0));
    }

    /// <summary>Moves an entry of this directory.</summary>
    public int Rename(ReadOnlySpan<byte> name, FileNode newParent, ReadOnlySpan<byte> newName)
    {
        ArgumentNullException.ThrowIfNull(newParent);
        if (!IsName(name) || !IsName(newName))
            return WrongName(IsName(name) ? newName : name);
        Span<byte> buffer = stackalloc byte[LongestName + 1], newBuffer = stackalloc byte[LongestName + 1];
        fixed (byte* text = Terminated(name, buffer), to = Terminated(newName, newBuffer))
            return Result(FileNodeNative.RenameAt(Number, text, newParent.Number, to));
    }

    /// <summary>Sets permissions of a file or directory, without the bits that lend a user's or group's rights.</summary>
    public int SetMode(uint mode)
    {
        if (GetStatus(out var status) is not HostError.None and var error)
            return error;
        if (status.IsSymlink)
            return HostError.NotSupported;
        Span<byte> path = stackalloc byte[PathLength];
        fixed (byte* text = OwnPath(path))
            return Result(FileNodeNative.ChangeMode(text, mode & Permissions));
    }

    /// <summary>Sets owner and group; 2^32 - 1 leaves one as it is.</summary>
    public int SetOwner(uint user, uint group)
    {
        fixed (byte* empty = "\0"u8)
            return Result(FileNodeNative.ChangeOwnerAt(Number, empty, user, group, FileNodeNative.EmptyPath | FileNodeNative.DoNotFollow));
    }

    /// <summary>Cuts a file, or makes it longer.</summary>
    public int SetSize(ulong size)
    {
        if (GetStatus(out var status) is not HostError.None and var error)
            return error;
        if (!status.IsRegular || size > long.MaxValue)
            return HostError.Invalid;
        Span<byte> path = stackalloc byte[PathLength];
        fixed (byte* text = OwnPath(path))
            return Result(FileNodeNative.Truncate(text, (long)size));
    }

    /// <summary>Sets times of reading and writing.</summary>
    /// <param name="accessed">The time; null to leave it.</param>
    /// <param name="modified">The time; null to leave it.</param>
    /// <remarks>A number of nanoseconds beyond 10^9 stands for now.</remarks>
    public int SetTimes((ulong Seconds, ulong Nanoseconds)? accessed, (ulong Seconds, ulong Nanoseconds)? modified)
    {
        if (GetStatus(out var status) is not HostError.None and var error)
            return error;
        if (status.IsSymlink)
            return HostError.NotSupported;
        var times = stackalloc FileNodeNative.TimeValue[2];
        (times[0], times[1]) = (Time(accessed), Time(modified));
        Span<byte> path = stackalloc byte[PathLength];
        fixed (byte* text = OwnPath(path))
            return Result(FileNodeNative.SetTimesAt(FileNodeNative.CurrentDirectory, text, times, 0));
    }

    private static FileNodeNative.TimeValue Time((ulong Seconds, ulong Nanoseconds)? time) => time switch
    {
        null => new() { Nanoseconds = FileNodeNative.TimeValue.Omit },
        (_, >= 1_000_000_000) => new() { Nanoseconds = FileNodeNative.TimeValue.Now },
        var (seconds, nanoseconds) => new() { Seconds = (long)seconds, Nanoseconds = (long)nanoseconds },
    };
}
