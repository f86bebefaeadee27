using System.Buffers;
using System.Runtime.InteropServices;
using Microsoft.Win32.SafeHandles;

namespace Ringmaster.Host.Files;

/// <summary>What disk images ask of a file or block device that .NET does not offer.</summary>
public static unsafe class DiskFile
{
    /// <summary>The most pieces that <see cref="TryReadCached"/> fills.</summary>
    public const int MostPieces = 256;

    /// <summary>Opens an existing file or device. What would make an open wait, such as a pipe without a writer, does not.</summary>
    /// <exception cref="LinuxException">It cannot be opened that way.</exception>
    public static SafeFileHandle Open(string path, bool writable)
    {
        var access = writable ? FileNative.ReadWrite : FileNative.ReadOnly;
        var descriptor = FileNative.Open(path, access | FileNative.CloseOnExec | FileNative.NonBlocking);
        if (descriptor < 0)
            throw LinuxException.FromLastCall($"open of {path}");
        return new SafeFileHandle(descriptor, ownsHandle: true);
    }

    /// <summary>Reads bytes that the host has in memory; never waits for a device.</summary>
    /// <param name="file">The file.</param>
    /// <param name="pieces">Where the bytes go, in order.</param>
    /// <param name="offset">The first byte's place in the file.</param>
    /// <returns>How many there were; 0 if none, if there are more than <see cref="MostPieces"/> pieces, or if the file system cannot tell.</returns>
    public static long TryReadCached(SafeFileHandle file, IReadOnlyList<Memory<byte>> pieces, long offset)
    {
        ArgumentNullException.ThrowIfNull(pieces);
        if (pieces.Count > MostPieces)
            return 0;
        var vectors = stackalloc DiskFileNative.IoVector[MostPieces];
        var pinned = ArrayPool<MemoryHandle>.Shared.Rent(pieces.Count);
        var handles = pinned.AsSpan(0, pieces.Count);
        handles.Clear();
        try
        {
            for (var i = 0; i < pieces.Count; i++)
            {
                handles[i] = pieces[i].Pin();
                vectors[i] = new DiskFileNative.IoVector((byte*)handles[i].Pointer, (nuint)pieces[i].Length);
            }
            // SAFETY: The pieces are pinned and as long as the vectors say.
            return Math.Max(0, DiskFileNative.ReadVector(file, vectors, pieces.Count, offset, DiskFileNative.NoWait));
        }
        finally
        {
            foreach (var handle in handles)
                handle.Dispose();
            ArrayPool<MemoryHandle>.Shared.Return(pinned, clearArray: true);
        }
    }

    /// <summary>Gives the room of a range back to the host; the range reads as zeros afterwards.</summary>
    /// <returns>False if the file system or the device cannot, and nothing was changed.</returns>
    /// <exception cref="LinuxException">The host reports an error.</exception>
    public static bool TryPunchHole(SafeFileHandle file, long offset, long length) =>
        TryFallocate(file, DiskFileNative.PunchHole | DiskFileNative.KeepSize, offset, length);

    /// <summary>Makes a range read as zeros without writing it; its room stays reserved.</summary>
    /// <returns>False if the file system or the device cannot, and nothing was changed.</returns>
    /// <exception cref="LinuxException">The host reports an error.</exception>
    public static bool TryZeroRange(SafeFileHandle file, long offset, long length) =>
        TryFallocate(file, DiskFileNative.ZeroRange | DiskFileNative.KeepSize, offset, length);

    /// <summary>Reserves room for a range, so that writing it cannot run out of it.</summary>
    /// <returns>False if the file system cannot, and nothing was changed.</returns>
    /// <exception cref="LinuxException">The host reports an error, for example that there is no such room.</exception>
    public static bool TryReserve(SafeFileHandle file, long offset, long length) => TryFallocate(file, 0, offset, length);

    /// <summary>Waits until what was written survives a loss of power (fdatasync(2)).</summary>
    /// <exception cref="LinuxException">The host could not write something, now or earlier.</exception>
    public static void Sync(SafeFileHandle file)
    {
        while (DiskFileNative.FdataSync(file) < 0)
        {
            if (Marshal.GetLastPInvokeError() != FileNative.Interrupted)
                throw LinuxException.FromLastCall("fdatasync");
        }
    }

    /// <summary>Bytes of a block device; null if the file is none.</summary>
    public static long? BlockDeviceLength(SafeFileHandle file)
    {
        ulong bytes;
        // SAFETY: BLKGETSIZE64 stores eight bytes.
        return DiskFileNative.Ioctl(file, DiskFileNative.BlockDeviceLength, &bytes) < 0 ? null : checked((long)bytes);
    }

    /// <summary>Finds the first byte at or after one that the file system has room for.</summary>
    /// <returns>Its offset; null if only a hole follows, up to the end of the file.</returns>
    /// <exception cref="LinuxException">The host reports an error.</exception>
    public static long? NextData(SafeFileHandle file, long offset)
    {
        var found = DiskFileNative.Seek(file, offset, DiskFileNative.SeekData);
        if (found >= 0)
            return found;
        return Marshal.GetLastPInvokeError() switch
        {
            DiskFileNative.NoSuchDataPast => null,
            // A file system that keeps no account of holes has data everywhere.
            DiskFileNative.InvalidArgument => offset,
            _ => throw LinuxException.FromLastCall("lseek to data"),
        };
    }

    /// <summary>Finds the first byte at or after one that lies in a hole; the end of the file counts as one.</summary>
    /// <returns>Its offset; null if the file system keeps no account of holes, or the offset is past the end.</returns>
    /// <exception cref="LinuxException">The host reports an error.</exception>
    public static long? NextHole(SafeFileHandle file, long offset)
    {
        var found = DiskFileNative.Seek(file, offset, DiskFileNative.SeekHole);
        if (found >= 0)
            return found;
        return Marshal.GetLastPInvokeError() is DiskFileNative.NoSuchDataPast or DiskFileNative.InvalidArgument
            ? null
            : throw LinuxException.FromLastCall("lseek to a hole");
    }

    /// <summary>Locks one byte against others' exclusive locks (an open file description's lock, fcntl(2)); closing the file ends it.</summary>
    /// <returns>False if somebody has it locked.</returns>
    /// <exception cref="LinuxException">The file system has no locks.</exception>
    public static bool TryLockShared(SafeFileHandle file, long offset) => TryLock(file, DiskFileNative.ReadLock, offset);

    /// <summary>Ends a lock of one byte.</summary>
    /// <exception cref="LinuxException">The file system has no locks.</exception>
    public static void Unlock(SafeFileHandle file, long offset) => TryLock(file, DiskFileNative.Unlocked, offset);

    /// <summary>Whether another open file description has a byte locked, in whatever way.</summary>
    /// <exception cref="LinuxException">The file system has no locks.</exception>
    public static bool IsLockedElsewhere(SafeFileHandle file, long offset)
    {
        var range = new DiskFileNative.LockRange { Kind = DiskFileNative.WriteLock, Start = offset, Length = 1 };
        // SAFETY: the structure is a local that the call fills in.
        if (DiskFileNative.Lock(file, DiskFileNative.OpenFileGetLock, &range) < 0)
            throw LinuxException.FromLastCall("fcntl asking for a lock");
        return range.Kind != DiskFileNative.Unlocked;
    }

    private static bool TryLock(SafeFileHandle file, short kind, long offset)
    {
        var range = new DiskFileNative.LockRange { Kind = kind, Start = offset, Length = 1 };
        // SAFETY: as above.
        if (DiskFileNative.Lock(file, DiskFileNative.OpenFileSetLock, &range) == 0)
            return true;
        return Marshal.GetLastPInvokeError() is DiskFileNative.TryAgain or DiskFileNative.PermissionDenied
            ? false
            : throw LinuxException.FromLastCall("fcntl locking a byte");
    }

    private static bool TryFallocate(SafeFileHandle file, int mode, long offset, long length)
    {
        while (DiskFileNative.Fallocate(file, mode, offset, length) < 0)
        {
            switch (Marshal.GetLastPInvokeError())
            {
                case FileNative.Interrupted:
                    continue;
                case DiskFileNative.NotSupported or DiskFileNative.InvalidArgument:
                    return false;
                default:
                    throw LinuxException.FromLastCall("fallocate");
            }
        }
        return true;
    }
}
