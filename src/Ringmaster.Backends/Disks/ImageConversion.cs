using Ringmaster.Backends.Disks.Qcow2;

namespace Ringmaster.Backends.Disks;

/// <summary>Copies one image's content into a new image.</summary>
public static class ImageConversion
{
    private const int Chunk = 2 * 1024 * 1024;

    /// <summary>Converts an image. What is zeros takes no room in the new one.</summary>
    /// <param name="source">The image to read.</param>
    /// <param name="target">The new image; its size is the source's.</param>
    /// <param name="compresses">Whether clusters are compressed, which only qcow2 can do.</param>
    /// <param name="progress">Is told how many bytes of the disk are done, of how many.</param>
    /// <param name="cancel">Ends the conversion early; the new image is deleted then.</param>
    /// <exception cref="DiskImageException">It cannot be done; there is no new image then.</exception>
    public static void Run(DiskOptions source, ImageSpec target, bool compresses, Action<long, long> progress, CancellationToken cancel)
    {
        ArgumentNullException.ThrowIfNull(source);
        ArgumentNullException.ThrowIfNull(target);
        ArgumentNullException.ThrowIfNull(progress);
        if (compresses && target.Format != DiskFormat.Qcow2)
            throw new DiskImageException("Only qcow2 images are compressed. Leave out -c, or choose -O qcow2.");
        using var from = DiskImages.Open(source with { IsReadOnly = true });
        ImageCreation.Create(target with { Size = from.Length });
        try
        {
            using var to = DiskImages.Open(new DiskOptions(target.Path, target.Format, Cache: DiskCache.Unsafe));
            if (compresses)
                Compress(from, (Qcow2Image)to, progress, cancel);
            else
                Copy(from, to, progress, cancel);
            to.Flush();
        }
        catch
        {
            File.Delete(target.Path);
            throw;
        }
        using var synced = DiskImages.Open(new DiskOptions(target.Path, target.Format));
        synced.Flush();
    }

    private static void Copy(IDiskImage from, IDiskImage to, Action<long, long> progress, CancellationToken cancel)
    {
        var buffer = new byte[Chunk];
        for (var at = 0L; at < from.Length;)
        {
            cancel.ThrowIfCancellationRequested();
            progress(at, from.Length);
            var extent = from.ExtentAt(at, from.Length - at);
            if (!extent.IsZero)
            {
                extent = extent with { Length = Math.Min(extent.Length, Chunk) };
                var piece = buffer.AsMemory(0, (int)extent.Length);
                from.Read(at, new DiskBuffers(piece));
                CopyNonZero(to, at, piece);
            }
            at += extent.Length;
        }
        progress(from.Length, from.Length);
    }

    /// <summary>Leaves out blocks that happen to be zeros: the new image reads as zeros there anyway.</summary>
    private static void CopyNonZero(IDiskImage to, long offset, Memory<byte> bytes)
    {
        const int block = 4096;
        var start = 0;
        for (var at = 0; at < bytes.Length; at += block)
        {
            var end = Math.Min(at + block, bytes.Length);
            if (bytes.Span[at..end].ContainsAnyExcept((byte)0))
                continue;
            WriteFrom(start, at);
            start = end;
        }
        WriteFrom(start, bytes.Length);

        void WriteFrom(int first, int end)
        {
            if (end > first)
                to.Write(offset + first, new DiskBuffers(bytes[first..end]));
        }
    }

    /// <summary>Compresses on all processors and writes in order, so that compressed clusters lie one behind the other.</summary>
    private static void Compress(IDiskImage from, Qcow2Image to, Action<long, long> progress, CancellationToken cancel)
    {
        var ahead = Environment.ProcessorCount * 2;
        var pending = new Queue<(long Offset, byte[] Cluster, Task<byte[]?> Compressed)>();
        var size = to.Header.Layout.ClusterSize;
        for (var at = 0L; at < from.Length;)
        {
            cancel.ThrowIfCancellationRequested();
            progress(at, from.Length);
            var extent = from.ExtentAt(at, from.Length - at);
            if (extent.IsZero && extent.Length >= size)
            {
                at += extent.Length / size * size;
                continue;
            }
            var cluster = new byte[size];
            from.Read(at, new DiskBuffers(cluster.AsMemory(0, (int)Math.Min(size, from.Length - at))));
            if (cluster.AsSpan().ContainsAnyExcept((byte)0))
                pending.Enqueue((at, cluster, Task.Run(() => to.Compress(cluster), cancel)));
            if (pending.Count > ahead)
                WriteNext();
            at += size;
        }
        while (pending.Count > 0)
            WriteNext();
        progress(from.Length, from.Length);

        void WriteNext()
        {
            var (offset, cluster, compressed) = pending.Dequeue();
            to.WriteCompressed(offset, cluster, compressed.GetAwaiter().GetResult());
        }
    }
}
