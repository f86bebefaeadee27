using Ringmaster.Backends.Disks;

namespace Ringmaster.Backends.Tests.Disks;

/// <summary>An image of which the host has all but the first sector in memory; that, and flushes, wait until they are let through.</summary>
internal sealed class CachedImage : IDiskImage
{
    private readonly ManualResetEventSlim _gate = new();
    private int _copying, _most;

    /// <summary>Most copies that were under way at once.</summary>
    public int MostAtOnce => _most;

    public long Length => 1 << 20;

    public bool IsReadOnly => false;

    public bool CanDiscard => false;

    /// <summary>Lets through what waits, and what comes later.</summary>
    public void Open() => _gate.Set();

    public void Read(long offset, DiskBuffers buffers) => _gate.Wait();

    public bool TryRead(long offset, DiskBuffers buffers)
    {
        if (offset == 0)
            return false;
        var now = Interlocked.Increment(ref _copying);
        for (var most = _most; now > most; most = _most)
            Interlocked.CompareExchange(ref _most, now, most);
        Thread.Yield();
        Interlocked.Decrement(ref _copying);
        return true;
    }

    public void Flush() => _gate.Wait();

    public void Write(long offset, DiskBuffers buffers) => throw new NotSupportedException();

    public void Discard(long offset, long length) => throw new NotSupportedException();

    public void WriteZeroes(long offset, long length, bool mayUnmap) => throw new NotSupportedException();

    public ImageExtent ExtentAt(long offset, long length) => throw new NotSupportedException();

    public void Dispose() => _gate.Dispose();
}
