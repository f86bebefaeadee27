using System.Runtime.InteropServices;
using Microsoft.Win32.SafeHandles;

namespace Ringmaster.Host.Files;

/// <summary>A file or directory that a <see cref="FileNode"/> has opened. Members return an error's number (<see cref="HostError"/>).</summary>
public sealed unsafe class OpenFile : SafeHandleMinusOneIsInvalid
{
    /// <summary>O_ACCMODE: how a file is used.</summary>
    public const int AccessMask = 3;

    /// <summary>O_TRUNC: it is emptied.</summary>
    public const int Truncate = 0x200;

    /// <summary>O_EXCL, for a file that is made: it must be new.</summary>
    public const int Exclusive = 0x80;

    internal const int Flags = AccessMask | Truncate | 0x1000 | 0x10_1000;

    internal OpenFile(int fd) : base(ownsHandle: true) => SetHandle(fd);

    internal int Number => (int)handle;

    /// <summary>Reads from a place.</summary>
    /// <param name="offset">The first byte.</param>
    /// <param name="destination">Gets them.</param>
    /// <param name="count">How many; fewer than there is room for at the end of the file.</param>
    public int Read(ulong offset, Span<byte> destination, out int count)
    {
        count = 0;
        if (offset > long.MaxValue)
            return HostError.Invalid;
        fixed (byte* buffer = destination)
        {
            // SAFETY: here and below, the buffer is pinned and as long as the length says.
            var result = FileNodeNative.ReadAt(Number, buffer, (nuint)destination.Length, (long)offset);
            if (result < 0)
                return Marshal.GetLastPInvokeError();
            count = (int)result;
            return HostError.None;
        }
    }

    /// <summary>Writes to a place.</summary>
    public int Write(ulong offset, ReadOnlySpan<byte> source, out int count)
    {
        count = 0;
        if (offset > long.MaxValue)
            return HostError.Invalid;
        fixed (byte* buffer = source)
        {
            var result = FileNodeNative.WriteAt(Number, buffer, (nuint)source.Length, (long)offset);
            if (result < 0)
                return Marshal.GetLastPInvokeError();
            count = (int)result;
            return HostError.None;
        }
    }

    /// <summary>Reads entries of a directory as the kernel gives them (struct linux_dirent64, getdents64(2)).</summary>
    /// <param name="offset">0, or what an entry says to be the next one's.</param>
    /// <param name="destination">Gets them.</param>
    /// <param name="count">Bytes; 0 at the end.</param>
    public int ReadEntries(ulong offset, Span<byte> destination, out int count)
    {
        count = 0;
        if (offset > long.MaxValue)
            return HostError.Invalid;
        if (FileNodeNative.Seek(Number, (long)offset, 0) < 0)
            return Marshal.GetLastPInvokeError();
        fixed (byte* buffer = destination)
        {
            var result = FileNodeNative.ReadEntries(Number, buffer, (nuint)destination.Length);
            if (result < 0)
                return Marshal.GetLastPInvokeError();
            count = (int)result;
            return HostError.None;
        }
    }

    /// <summary>Waits until what was written is on the disk.</summary>
    /// <param name="dataOnly">Whether what is not needed to find it again may wait.</param>
    public int Sync(bool dataOnly) =>
        (dataOnly ? FileNodeNative.SyncData(Number) : FileNodeNative.Sync(Number)) == 0 ? HostError.None : Marshal.GetLastPInvokeError();

    /// <inheritdoc/>
    protected override bool ReleaseHandle() => FileNodeNative.Close((int)handle) == 0;
}
