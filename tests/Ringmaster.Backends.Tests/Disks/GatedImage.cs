using System.Collections.Concurrent;
using Ringmaster.Backends.Disks;

namespace Ringmaster.Backends.Tests.Disks;

/// <summary>An image without content that notes what is done to it. Writes wait until they are let through.</summary>
internal sealed class GatedImage : IDiskImage
{
    private readonly SemaphoreSlim _gate = new(0);
    private int _writing;

    /// <summary>The offsets written to, in the order in which writes have begun.</summary>
    public ConcurrentQueue<long> Begun { get; } = [];

    /// <summary>Most writes that were under way at once.</summary>
    public int MostAtOnce { get; private set; }

    public long Length => 1 << 20;

    public bool IsReadOnly => false;

    public bool CanDiscard => true;

    /// <summary>Lets so many writes through.</summary>
    public void Open(int writes) => _gate.Release(writes);

    public void Read(long offset, DiskBuffers buffers)
    {
    }

    public bool TryRead(long offset, DiskBuffers buffers) => false;

    public void Write(long offset, DiskBuffers buffers)
    {
        MostAtOnce = Math.Max(MostAtOnce, Interlocked.Increment(ref _writing));
        Begun.Enqueue(offset);
        _gate.Wait();
        Interlocked.Decrement(ref _writing);
    }

    public void Discard(long offset, long length) => Write(offset, default);

    public void WriteZeroes(long offset, long length, bool mayUnmap) => Write(offset, default);

    public void Flush()
    {
    }

    public ImageExtent ExtentAt(long offset, long length) => throw new NotSupportedException();

    public void Dispose() => _gate.Dispose();
}
