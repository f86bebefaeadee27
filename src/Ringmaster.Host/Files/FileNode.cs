using System.Globalization;
using System.Runtime.InteropServices;
using System.Text;
using Microsoft.Win32.SafeHandles;

namespace Ringmaster.Host.Files;

/// <summary>
/// A file, directory or link of the host's that is held fast, whatever becomes of its name: what is checked is what is used. From a
/// directory only its own entries can be reached, one name at a time. Nothing follows symbolic links, nothing leads upwards.
/// </summary>
/// <remarks>
/// It is a descriptor with O_PATH (open(2)), which opens nothing. Where a call needs a path, it is /proc/self/fd/N, which leads to
/// this very file. Members return an error's number (<see cref="HostError"/>).
/// </remarks>
public sealed unsafe partial class FileNode : SafeHandleMinusOneIsInvalid
{
    /// <summary>Bytes of the longest name.</summary>
    public const int LongestName = 255;

    private const int PathLength = 32;

    private FileNode(int fd) : base(ownsHandle: true) => SetHandle(fd);

    private int Number => (int)handle;

    /// <summary>Opens a directory by its path; links in it are followed, for it is the user's.</summary>
    /// <exception cref="LinuxException">There is no such directory, or it may not be read.</exception>
    public static FileNode OpenDirectory(string path)
    {
        ArgumentNullException.ThrowIfNull(path);
        fixed (byte* name = Encoding.UTF8.GetBytes(path + '\0'))
        {
            // SAFETY: the name is pinned and ends in a zero.
            var fd = FileNodeNative.OpenAt(FileNodeNative.CurrentDirectory, name,
                FileNodeNative.PathOnly | FileNodeNative.OnlyDirectory | FileNodeNative.CloseOnExec, 0);
            return fd >= 0 ? new FileNode(fd) : throw LinuxException.FromLastCall($"open of {path}");
        }
    }

    /// <summary>Holds an open file.</summary>
    public static int Of(OpenFile file, out FileNode? node)
    {
        ArgumentNullException.ThrowIfNull(file);
        return OpenNumber(file.Number, out node);
    }

    /// <summary>Whether a name can be that of a directory's entry, and of no other file.</summary>
    public static bool IsName(ReadOnlySpan<byte> name) =>
        name.Length is > 0 and <= LongestName && !name.ContainsAny((byte)'/', (byte)0) && !name.SequenceEqual("."u8) && !name.SequenceEqual(".."u8);

    /// <summary>Finds an entry of this directory.</summary>
    public int Find(ReadOnlySpan<byte> name, out FileNode? entry)
    {
        entry = null;
        if (!IsName(name))
            return WrongName(name);
        var fd = OpenEntry(name, FileNodeNative.PathOnly, 0);
        if (fd < 0)
            return Marshal.GetLastPInvokeError();
        entry = new FileNode(fd);
        return HostError.None;
    }

    /// <summary>The same file once more.</summary>
    public int Copy(out FileNode? copy) => OpenNumber(Number, out copy);

    /// <summary>Tells of the file.</summary>
    public int GetStatus(out FileStatus status)
    {
        FileNodeNative.Status native;
        status = default;
        fixed (byte* empty = "\0"u8)
        {
            // SAFETY: the kernel fills a structure of this size; the empty name stands for the descriptor itself.
            if (FileNodeNative.Statx(Number, empty, FileNodeNative.EmptyPath | FileNodeNative.DoNotFollow, FileNodeNative.BasicStatus, &native) != 0)
                return Marshal.GetLastPInvokeError();
        }
        status = new FileStatus
        {
            Mode = native.Mode,
            User = native.User,
            Group = native.Group,
            Links = native.Links,
            Device = (ulong)native.Major << 32 | native.Minor,
            Inode = native.Inode,
            OwnDevice = (ulong)native.OwnMajor << 32 | native.OwnMinor,
            Size = native.Size,
            BlockSize = native.BlockSize,
            Blocks = native.Blocks,
            Accessed = (native.Accessed.Seconds, native.Accessed.Nanoseconds),
            Modified = (native.Modified.Seconds, native.Modified.Nanoseconds),
            Changed = (native.Changed.Seconds, native.Changed.Nanoseconds),
        };
        return HostError.None;
    }

    /// <summary>Tells of the file system.</summary>
    public int GetFileSystem(out FileSystemStatus status)
    {
        FileNodeNative.SystemStatus native;
        status = default;
        // SAFETY: the kernel fills a structure of this size.
        if (FileNodeNative.Fstatfs(Number, &native) != 0)
            return Marshal.GetLastPInvokeError();
        status = new((uint)native.BlockSize, native.Blocks, native.Free, native.Available, native.Files, native.FreeFiles, native.Id, (uint)native.LongestName);
        return HostError.None;
    }

    /// <summary>Opens the file or directory. What is neither cannot be opened: a device or a pipe would do things.</summary>
    /// <param name="flags">Access mode, O_TRUNC, O_DSYNC and O_SYNC count.</param>
    /// <param name="file">The open file.</param>
    public int Open(int flags, out OpenFile? file)
    {
        file = null;
        var error = GetStatus(out var status);
        if (error != HostError.None)
            return error;
        if (!status.IsRegular && !status.IsDirectory)
            return HostError.NotSupported;
        Span<byte> path = stackalloc byte[PathLength];
        fixed (byte* name = OwnPath(path))
        {
            // SAFETY: as in OpenDirectory. The descriptor's type was checked and is the file's for ever.
            var fd = FileNodeNative.OpenAt(FileNodeNative.CurrentDirectory, name,
                (flags & OpenFile.Flags) | FileNodeNative.CloseOnExec | FileNodeNative.NonBlocking | FileNodeNative.NoTerminal, 0);
            if (fd < 0)
                return Marshal.GetLastPInvokeError();
            file = new OpenFile(fd);
            return HostError.None;
        }
    }

    /// <summary>Reads where a symbolic link leads.</summary>
    /// <param name="target">Gets it.</param>
    /// <param name="length">Its bytes.</param>
    public int ReadLink(Span<byte> target, out int length)
    {
        length = 0;
        fixed (byte* buffer = target)
        {
            fixed (byte* empty = "\0"u8)
            {
                // SAFETY: the buffer is pinned and as long as the length says.
                var count = FileNodeNative.ReadLinkAt(Number, empty, buffer, (nuint)target.Length);
                if (count < 0)
                    return Marshal.GetLastPInvokeError() is HostError.NoEntry ? HostError.Invalid : Marshal.GetLastPInvokeError();
                length = (int)count;
                return HostError.None;
            }
        }
    }

    /// <inheritdoc/>
    protected override bool ReleaseHandle() => FileNodeNative.Close((int)handle) == 0;

    /// <summary>Opens an entry of this directory, whose name was checked, without following it.</summary>
    private int OpenEntry(ReadOnlySpan<byte> name, int flags, uint mode)
    {
        Span<byte> buffer = stackalloc byte[LongestName + 1];
        // SAFETY: the name is pinned and ends in a zero.
        fixed (byte* text = Terminated(name, buffer))
            return FileNodeNative.OpenAt(Number, text, flags | FileNodeNative.NoFollow | FileNodeNative.CloseOnExec, mode);
    }

    private static Span<byte> Terminated(ReadOnlySpan<byte> name, Span<byte> buffer)
    {
        name.CopyTo(buffer);
        buffer[name.Length] = 0;
        return buffer;
    }

    private static int OpenNumber(int number, out FileNode? node)
    {
        node = null;
        Span<byte> path = stackalloc byte[PathLength];
        fixed (byte* name = PathOf(number, path))
        {
            // SAFETY: as in OpenDirectory.
            var fd = FileNodeNative.OpenAt(FileNodeNative.CurrentDirectory, name, FileNodeNative.PathOnly | FileNodeNative.CloseOnExec, 0);
            if (fd < 0)
                return Marshal.GetLastPInvokeError();
            node = new FileNode(fd);
            return HostError.None;
        }
    }

    private Span<byte> OwnPath(Span<byte> buffer) => PathOf(Number, buffer);

    private static Span<byte> PathOf(int number, Span<byte> buffer)
    {
        "/proc/self/fd/"u8.CopyTo(buffer);
        number.TryFormat(buffer[14..], out var digits, default, CultureInfo.InvariantCulture);
        buffer[14 + digits] = 0;
        return buffer;
    }

    private static int WrongName(ReadOnlySpan<byte> name) => name.Length > LongestName ? HostError.NameTooLong : HostError.Invalid;

    private static int Result(int result) => result == 0 ? HostError.None : Marshal.GetLastPInvokeError();
}
