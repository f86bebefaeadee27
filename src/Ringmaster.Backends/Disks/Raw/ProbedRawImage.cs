using Ringmaster.Backends.Disks.Files;

namespace Ringmaster.Backends.Disks.Raw;

/// <summary>
/// A raw image that nobody said is raw. A guest that wrote another format's header to its start would make the next run take it for
/// that format, and could have it name any file of the host as what it is based on. Such a write fails.
/// </summary>
internal sealed class ProbedRawImage(IDiskImage image) : IDiskImage
{
    private readonly Lock _lock = new();

    public long Length => image.Length;

    public bool IsReadOnly => image.IsReadOnly;

    public bool CanDiscard => image.CanDiscard;

    public void Read(long offset, DiskBuffers buffers) => image.Read(offset, buffers);

    public bool TryRead(long offset, DiskBuffers buffers) => image.TryRead(offset, buffers);

    public void Write(long offset, DiskBuffers buffers)
    {
        if (offset >= FormatProbe.Length || buffers.Length == 0)
        {
            image.Write(offset, buffers);
            return;
        }
        // The bytes are copied before they are looked at: the guest may change its memory in between.
        var count = (int)Math.Min(FormatProbe.Length - offset, buffers.Length);
        lock (_lock)
        {
            var start = new byte[FormatProbe.Length];
            if (count < start.Length)
                image.Read(0, new DiskBuffers(start));
            buffers.Slice(0, count).CopyTo(start.AsSpan((int)offset));
            if (FormatProbe.Of(start).Format != DiskFormat.Raw)
            {
                throw new DiskImageException("The guest wrote the header of another image format to the start of a disk whose format was guessed. "
                    + "Add format=raw to the disk's description to allow it.");
            }
            image.Write(offset, new DiskBuffers(start.AsMemory((int)offset, count)));
        }
        image.Write(offset + count, buffers.Slice(count));
    }

    public void Discard(long offset, long length) => image.Discard(offset, length);

    public void WriteZeroes(long offset, long length, bool mayUnmap) => image.WriteZeroes(offset, length, mayUnmap);

    public void Flush() => image.Flush();

    public ImageExtent ExtentAt(long offset, long length) => image.ExtentAt(offset, length);

    public void Dispose() => image.Dispose();
}
