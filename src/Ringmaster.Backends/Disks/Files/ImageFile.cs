using Microsoft.Win32.SafeHandles;
using Ringmaster.Host;
using Ringmaster.Host.Files;

namespace Ringmaster.Backends.Disks.Files;

/// <summary>The host's file or block device that an image lies in. Threads may call at once.</summary>
internal sealed class ImageFile : IDisposable
{
    private readonly SafeFileHandle _handle;
    private readonly bool _isBlockDevice;
    private readonly bool _syncs;
    private readonly bool _isLocked;
    private long _length;
    private volatile bool _cannotPunch;
    private volatile bool _cannotZero;

    private ImageFile(SafeFileHandle handle, string path, bool isReadOnly, DiskCache cache, bool isLocked)
    {
        _isLocked = isLocked;
        _handle = handle;
        Path = path;
        IsReadOnly = isReadOnly;
        Cache = cache;
        _syncs = cache != DiskCache.Unsafe;
        var device = DiskFile.BlockDeviceLength(handle);
        _isBlockDevice = device is not null;
        _length = device ?? RandomAccess.GetLength(handle);
    }

    /// <summary>As it was opened.</summary>
    internal string Path { get; }

    internal bool IsReadOnly { get; }

    internal DiskCache Cache { get; }

    /// <summary>Whether the length is fixed and new space holds what was there before.</summary>
    internal bool IsBlockDevice => _isBlockDevice;

    /// <summary>Bytes, as far as this object has seen the file grow.</summary>
    internal long Length => Interlocked.Read(ref _length);

    /// <summary>Whether holes could be made so far.</summary>
    internal bool CanPunch => !_cannotPunch;

    /// <summary>Opens an existing file and locks it against programs that would disturb.</summary>
    /// <exception cref="DiskImageException">It cannot be opened or is in use.</exception>
    internal static ImageFile Open(string path, bool isReadOnly, DiskCache cache, bool locks = true)
    {
        if (Directory.Exists(path))
            throw new DiskImageException($"{path} is a directory. Name a disk image or a block device.");
        SafeFileHandle handle;
        try
        {
            handle = DiskFile.Open(path, writable: !isReadOnly);
        }
        catch (LinuxException error)
        {
            throw new DiskImageException(ReasonFor(path, isReadOnly, error), error);
        }
        return Keep(handle, path, isReadOnly, cache, locks);
    }

    /// <summary>Creates a file.</summary>
    /// <exception cref="DiskImageException">It exists or cannot be made.</exception>
    internal static ImageFile Create(string path, DiskCache cache)
    {
        try
        {
            var handle = File.OpenHandle(path, FileMode.CreateNew, FileAccess.ReadWrite, FileShare.ReadWrite | FileShare.Delete);
            return Keep(handle, path, isReadOnly: false, cache, locks: true);
        }
        catch (Exception error) when (error is UnauthorizedAccessException or IOException and not DiskImageException)
        {
            throw new DiskImageException($"{path} cannot be created: {error.Message} Choose a path that you may write.", error);
        }
    }

    /// <summary>Creates a file without a name in the directory for large temporary files; it is gone when this process is.</summary>
    /// <exception cref="DiskImageException">It cannot be made.</exception>
    internal static ImageFile CreateTemporary()
    {
        var directory = Environment.GetEnvironmentVariable("TMPDIR") is { Length: > 0 } chosen ? chosen : "/var/tmp";
        var file = Create(System.IO.Path.Combine(directory, $"ringmaster-{Guid.NewGuid():N}.qcow2"), DiskCache.Unsafe);
        File.Delete(file.Path);
        return file;
    }

    /// <summary>Fills buffers; what lies behind the end of the file reads as zeros.</summary>
    internal void Read(long offset, DiskBuffers buffers)
    {
        while (buffers.Length > 0)
        {
            var count = RandomAccess.Read(_handle, buffers.Pieces, offset);
            if (count == 0)
            {
                buffers.Clear();
                return;
            }
            offset += count;
            buffers = buffers.Slice(count);
        }
    }

    /// <summary>Fills buffers if the host has all of it in memory.</summary>
    internal bool TryRead(long offset, DiskBuffers buffers) => DiskFile.TryReadCached(_handle, buffers.Pieces, offset) == buffers.Length;

    /// <summary>Fills a buffer; what lies behind the end of the file reads as zeros.</summary>
    internal void Read(long offset, Span<byte> buffer)
    {
        while (!buffer.IsEmpty)
        {
            var count = RandomAccess.Read(_handle, buffer, offset);
            if (count == 0)
            {
                buffer.Clear();
                return;
            }
            offset += count;
            buffer = buffer[count..];
        }
    }

    internal void Write(long offset, DiskBuffers buffers)
    {
        try
        {
            RandomAccess.Write(_handle, buffers.ReadOnlyPieces, offset);
        }
        catch
        {
            // Part of it may be there, behind what was the end.
            if (!_isBlockDevice)
                Grown(RandomAccess.GetLength(_handle));
            throw;
        }
        Grown(offset + buffers.Length);
    }

    internal void Write(long offset, ReadOnlySpan<byte> bytes)
    {
        RandomAccess.Write(_handle, bytes, offset);
        Grown(offset + bytes.Length);
    }

    /// <summary>Waits until everything written survives a loss of power, unless the cache mode promises nothing.</summary>
    internal void Sync()
    {
        if (_syncs && !IsReadOnly)
            DiskFile.Sync(_handle);
    }

    /// <summary>Gives the room of a range back. The range reads as zeros then, if it was done.</summary>
    internal bool TryPunch(long offset, long length)
    {
        if (_cannotPunch || length == 0)
            return !_cannotPunch;
        if (DiskFile.TryPunchHole(_handle, offset, length))
            return true;
        _cannotPunch = true;
        return false;
    }

    /// <summary>Makes a range read as zeros and keeps its room.</summary>
    internal bool TryZero(long offset, long length)
    {
        if (_cannotZero || length == 0)
            return !_cannotZero;
        if (DiskFile.TryZeroRange(_handle, offset, length))
            return true;
        _cannotZero = true;
        return false;
    }

    /// <summary>Reserves room for a range; false if the file system cannot.</summary>
    internal bool TryReserve(long offset, long length)
    {
        if (!DiskFile.TryReserve(_handle, offset, length))
            return false;
        Grown(offset + length);
        return true;
    }

    internal void SetLength(long length)
    {
        RandomAccess.SetLength(_handle, length);
        Interlocked.Exchange(ref _length, length);
    }

    /// <summary>Where the next byte that is no hole lies; null if there is none.</summary>
    internal long? NextData(long offset) => offset >= Length ? null : DiskFile.NextData(_handle, offset);

    /// <summary>Where the next hole begins; the end of the file if there is none before.</summary>
    internal long NextHole(long offset) => DiskFile.NextHole(_handle, offset) ?? Length;

    /// <summary>Bytes that are no holes.</summary>
    internal long AllocatedLength()
    {
        var allocated = 0L;
        for (var at = NextData(0); at is { } start;)
        {
            var end = NextHole(start);
            // A file that becomes shorter meanwhile has its hole before its data.
            if (end <= start)
                break;
            allocated += end - start;
            at = NextData(end);
        }
        return allocated;
    }

    public void Dispose()
    {
        if (!_handle.IsClosed && _isLocked)
            ImageLock.Release(_handle);
        _handle.Dispose();
    }

    private static ImageFile Keep(SafeFileHandle handle, string path, bool isReadOnly, DiskCache cache, bool locks)
    {
        try
        {
            if (locks)
                ImageLock.Take(handle, path, isReadOnly);
            return new ImageFile(handle, path, isReadOnly, cache, locks);
        }
        catch
        {
            if (locks)
                ImageLock.Release(handle);
            handle.Dispose();
            throw;
        }
    }

    private void Grown(long end)
    {
        for (var known = Length; end > known;)
        {
            var before = Interlocked.CompareExchange(ref _length, end, known);
            if (before == known)
                return;
            known = before;
        }
    }

    private static string ReasonFor(string path, bool isReadOnly, LinuxException error)
    {
        const int missing = 2, denied = 13, readOnlyFileSystem = 30, notPermitted = 1;
        return error.Errno switch
        {
            missing => $"There is no file {path}. Check the path, or make an image with \"ringmaster image create\".",
            denied or notPermitted or readOnlyFileSystem when !isReadOnly =>
                $"{path} may not be written ({error.Message}). Open it with readonly or snapshot, or change its permissions.",
            denied or notPermitted => $"{path} may not be read ({error.Message}). Change its permissions.",
            _ => $"{path} cannot be opened: {error.Message}.",
        };
    }
}
