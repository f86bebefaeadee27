namespace Ringmaster.Backends.Disks;

/// <summary>The content of a disk. Several threads may call at once; what overlapping calls leave behind is one of their results.</summary>
/// <remarks>
/// All members but <see cref="IDisposable.Dispose"/> throw <see cref="IOException"/> when the host fails or the image is damaged;
/// part of the work may have been done then. Ranges must lie inside the disk.
/// </remarks>
public interface IDiskImage : IDisposable
{
    /// <summary>Bytes; a multiple of 512.</summary>
    long Length { get; }

    /// <summary>Whether everything that changes the content throws <see cref="InvalidOperationException"/>.</summary>
    bool IsReadOnly { get; }

    /// <summary>Whether discarding gives room back to the host.</summary>
    bool CanDiscard { get; }

    /// <summary>Fills buffers from the disk.</summary>
    void Read(long offset, DiskBuffers buffers);

    /// <summary>Fills buffers from the disk if that needs no waiting.</summary>
    /// <returns>False if it might. The buffers may hold anything then.</returns>
    bool TryRead(long offset, DiskBuffers buffers);

    /// <summary>Stores buffers on the disk.</summary>
    void Write(long offset, DiskBuffers buffers);

    /// <summary>Gives room back where that can be done; what the range reads as afterwards is left open.</summary>
    void Discard(long offset, long length);

    /// <summary>Makes a range read as zeros.</summary>
    /// <param name="offset">The first byte.</param>
    /// <param name="length">Bytes.</param>
    /// <param name="mayUnmap">Whether the range's room may be given back.</param>
    void WriteZeroes(long offset, long length, bool mayUnmap);

    /// <summary>Returns when everything written before survives a loss of power, as far as the cache mode promises that.</summary>
    void Flush();

    /// <summary>What the run that starts at an offset is.</summary>
    /// <param name="offset">Inside the disk.</param>
    /// <param name="length">The longest run that is of interest.</param>
    ImageExtent ExtentAt(long offset, long length);
}
