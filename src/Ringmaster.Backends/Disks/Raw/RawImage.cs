using Ringmaster.Backends.Disks.Files;
using Ringmaster.Devices.Storage;

namespace Ringmaster.Backends.Disks.Raw;

/// <summary>An image that is the disk's content, byte for byte: a file, of which holes are zeros, or a block device.</summary>
internal sealed class RawImage(ImageFile file) : IDiskImage
{
    /// <summary>A file's last sector may be cut short: its rest is zeros until it is written.</summary>
    public long Length { get; } =
        (file.Length + BlockRequest.SectorSize - 1) / BlockRequest.SectorSize * BlockRequest.SectorSize;

    public bool IsReadOnly => file.IsReadOnly;

    public bool CanDiscard => !file.IsReadOnly && file.CanPunch;

    public void Read(long offset, DiskBuffers buffers) => file.Read(offset, buffers);

    public bool TryRead(long offset, DiskBuffers buffers) => file.TryRead(offset, buffers);

    public void Write(long offset, DiskBuffers buffers)
    {
        ThrowIfReadOnly();
        file.Write(offset, buffers);
        if (file.Cache == DiskCache.WriteThrough)
            file.Sync();
    }

    public void Discard(long offset, long length)
    {
        ThrowIfReadOnly();
        file.TryPunch(offset, length);
    }

    public void WriteZeroes(long offset, long length, bool mayUnmap)
    {
        ThrowIfReadOnly();
        if (!(mayUnmap && file.TryPunch(offset, length)) && !ZeroInPlace(offset, length))
        {
            const int step = 4 * 1024 * 1024;
            for (var at = offset; at < offset + length; at += step)
                file.Write(at, DiskBuffers.Zeros(Math.Min(step, offset + length - at)));
        }
        if (file.Cache == DiskCache.WriteThrough)
            file.Sync();
    }

    public void Flush() => file.Sync();

    public ImageExtent ExtentAt(long offset, long length)
    {
        var data = file.NextData(offset);
        if (data is null)
            return new(Math.Min(length, Length - offset), ExtentKind.Absent);
        return data > offset
            ? new(Math.Min(length, data.Value - offset), ExtentKind.Absent)
            : new(Math.Clamp(file.NextHole(offset) - offset, 1, Math.Min(length, Length - offset)), ExtentKind.Data);
    }

    public void Dispose() => file.Dispose();

    // Behind the end of a file whose length is no multiple of a sector, there is nothing to make zero.
    private bool ZeroInPlace(long offset, long length)
    {
        var inside = Math.Min(length, file.Length - offset);
        return inside <= 0 || file.TryZero(offset, inside);
    }

    private void ThrowIfReadOnly()
    {
        if (IsReadOnly)
            throw new InvalidOperationException("The image was opened read-only.");
    }
}
