using Ringmaster.Backends.Disks.Qcow2.Compression;
using Ringmaster.Backends.Disks.Qcow2.Format;

namespace Ringmaster.Backends.Disks.Qcow2;

/// <summary>Writing.</summary>
internal sealed partial class Qcow2Image
{
    private long _compressedEnd;

    public void Write(long offset, DiskBuffers buffers)
    {
        while (buffers.Length > 0)
        {
            var written = WriteInPlace(offset, buffers);
            if (written == 0)
            {
                var (at, rest) = (offset, buffers);
                Change(() => written = WriteAnew(at, rest));
            }
            offset += written;
            buffers = buffers.Slice(written);
        }
        if (_file.Cache == DiskCache.WriteThrough)
            Flush();
    }

    /// <summary>Writes a whole cluster that the disk does not have yet, compressed if that saves room.</summary>
    /// <param name="offset">A multiple of the cluster size.</param>
    /// <param name="cluster">The content.</param>
    /// <param name="compressed">The content, compressed; see <see cref="Compress"/>.</param>
    internal void WriteCompressed(long offset, byte[] cluster, byte[]? compressed)
    {
        if (compressed is null)
            Write(offset, new DiskBuffers(cluster));
        else
            Change(() => PlaceCompressed(offset, compressed));
    }

    /// <summary>Compresses a cluster for <see cref="WriteCompressed"/>; threads may do so at once.</summary>
    internal byte[]? Compress(byte[] cluster) => ClusterCodec.Compress(Header.Compression, cluster);

    /// <summary>Writes to clusters that belong to the disk already.</summary>
    /// <returns>How many bytes; 0 if the first cluster is none of those.</returns>
    private long WriteInPlace(long offset, DiskBuffers buffers)
    {
        if (IsReadOnly)
            throw new InvalidOperationException("The image was opened read-only.");
        _lock.EnterReadLock();
        try
        {
            ThrowIfDamaged();
            var run = _map.Find(offset, buffers.Length);
            if (!run.Entry.IsData || !run.Entry.IsCopied || IsForbidden(run))
                return 0;
            _file.Write(run.HostOffset, buffers.Slice(0, run.Length));
            return run.Length;
        }
        finally
        {
            _lock.ExitReadLock();
        }
    }

    /// <summary>Whether damaged tables lead to where no data of the disk can be.</summary>
    private bool IsForbidden(Qcow2Run run) =>
        _tables.Metadata.Touches(run.HostOffset, run.Length)
        || _tables.Layout.ClusterOf(run.HostOffset + run.Length - 1) >= _tables.Layout.ClustersFor(_file.Length);

    /// <summary>Writes to new clusters, whose other bytes come from where they came before.</summary>
    /// <returns>How many bytes.</returns>
    private long WriteAnew(long offset, DiskBuffers buffers)
    {
        var layout = _tables.Layout;
        var run = _map.Find(offset, buffers.Length);
        if (run.Entry.IsData && run.Entry.IsCopied)
        {
            // Another thread was here first; or an entry says that the disk's data lies where the image's own tables are.
            if (IsForbidden(run))
                throw Qcow2Damage.Found(_file.Path, "data of the disk is said to lie in a structure of the image, or behind the end of the file");
            _file.Write(run.HostOffset, buffers.Slice(0, run.Length));
            return run.Length;
        }
        var table = _tables.L2ForChange(layout.L1Index(offset));
        var first = layout.L2Index(offset);
        var reserved = new L2Entry(table[first]);
        var usesReserved = reserved.IsZero && reserved.IsCopied && reserved.Offset != 0
            && !_tables.Metadata.Contains(layout.ClusterOf(reserved.Offset));
        var count = 1L;
        var host = usesReserved ? reserved.Offset : _tables.Allocator.Allocate(ClustersToPlace(), out count);
        try
        {
            var isFresh = !usesReserved && !_file.IsBlockDevice && host >= _file.Length;
            var length = FillClusters(offset, buffers, host, count, isFresh);
            for (var i = 0; i < count; i++)
                Replace(table, first + i, L2Entry.Data(host + layout.OffsetOf(i)), frees: !usesReserved);
            return length;
        }
        catch when (!usesReserved)
        {
            _tables.Allocator.Undo(host, count);
            throw;
        }

        long ClustersToPlace()
        {
            var wanted = Math.Min(layout.ClustersFor(layout.InCluster(offset) + buffers.Length), layout.L2Entries - first);
            var clusters = 1;
            while (clusters < wanted && _map.Checked(table[first + clusters]) is { IsCopied: false })
                clusters++;
            return clusters;
        }
    }

    /// <summary>Writes clusters whose content is partly new.</summary>
    /// <param name="offset">On the disk; it lies in the first cluster.</param>
    /// <param name="buffers">New bytes, perhaps more than fit.</param>
    /// <param name="host">Where the clusters lie in the file.</param>
    /// <param name="count">How many clusters.</param>
    /// <param name="isFresh">Whether the file has only zeros there.</param>
    /// <returns>How many new bytes were written.</returns>
    private long FillClusters(long offset, DiskBuffers buffers, long host, long count, bool isFresh)
    {
        var layout = _tables.Layout;
        var start = layout.ClusterStart(offset);
        var length = Math.Min(buffers.Length, start + layout.OffsetOf(count) - offset);
        var part = buffers.Slice(0, length);
        var tailStart = offset + length;
        var head = OldContent(start, offset, isFresh);
        var tail = OldContent(tailStart, start + layout.OffsetOf(count), isFresh);
        _file.Write(host + (offset - start) - head.Length, part.Between(head, tail));
        return length;
    }

    /// <summary>What the disk has in part of a cluster; nothing if that is zeros and need not be written.</summary>
    private byte[] OldContent(long start, long end, bool isFresh)
    {
        if (start == end)
            return [];
        if (isFresh && _map.Find(start, end - start).Entry is { IsData: false, IsCompressed: false } entry && (entry.IsZero || _backing is null))
            return [];
        var content = new byte[end - start];
        ReadLocked(start, new DiskBuffers(content), waits: true);
        return content;
    }

    private void PlaceCompressed(long offset, byte[] compressed)
    {
        var layout = _tables.Layout;
        if (_map.Find(offset, layout.ClusterSize) is { Entry.IsAbsent: false })
            throw new InvalidOperationException("Compressed clusters are written once.");
        var table = _tables.L2ForChange(layout.L1Index(offset));
        var host = RoomForCompressed(compressed.Length);
        _file.Write(host, compressed);
        _compressedEnd = host + compressed.Length;
        Replace(table, layout.L2Index(offset), L2Entry.Compressed(host, compressed.Length, layout), frees: false);
    }

    /// <summary>Finds room behind the compressed cluster written last, of which the file's cluster has one use more then.</summary>
    private long RoomForCompressed(int length)
    {
        var layout = _tables.Layout;
        // The last sector's other bytes count as used too, so that no sector is read beyond the cluster.
        var room = layout.InCluster(_compressedEnd) == 0 ? 0 : layout.ClusterSize - layout.InCluster(_compressedEnd);
        if (length <= room && _tables.Refcounts.Get(layout.ClusterOf(_compressedEnd)) is > 0 and var uses && uses < layout.MostReferences)
        {
            _tables.Allocator.AddUse(layout.ClusterStart(_compressedEnd));
            return _compressedEnd;
        }
        return _tables.Allocator.Allocate(1, out _);
    }

    /// <summary>Changes an entry of a table that may be changed.</summary>
    private void Replace(Tables.CachedTable table, int index, L2Entry entry, bool frees)
    {
        var old = new L2Entry(table[index]);
        if (old.IsCompressed)
        {
            // What lies there may be something else soon.
            _compressed.Forget();
            _compressedEnd = 0;
        }
        table[index] = entry.Value;
        _tables.L2s.Changed(table);
        if (frees)
            _tables.Allocator.Free(old);
    }
}
