using Ringmaster.Backends.Disks.Qcow2.Format;
using Ringmaster.Backends.Disks.Qcow2.Tables;

namespace Ringmaster.Backends.Disks.Qcow2;

/// <summary>Discarding and making zero: entries change, and content only at the edges.</summary>
internal sealed partial class Qcow2Image
{
    public void Discard(long offset, long length)
    {
        // Without zero clusters, what is discarded would show what the backing image has there.
        if (_backing is null || Header.HasZeroClusters)
            ForWholeClusters(offset, length, (at, count) => Clear(at, count, keepsRoom: false));
        if (_file.Cache == DiskCache.WriteThrough)
            Flush();
    }

    public void WriteZeroes(long offset, long length, bool mayUnmap)
    {
        if (!Header.HasZeroClusters && (_backing is not null || !mayUnmap))
        {
            WriteZeroBytes(offset, length);
            return;
        }
        var (first, end) = WholeClusters(offset, length);
        if (first >= end)
        {
            WriteZeroBytes(offset, length);
            return;
        }
        WriteZeroBytes(offset, first - offset);
        ForWholeClusters(first, end - first, (at, count) => Clear(at, count, keepsRoom: !mayUnmap));
        WriteZeroBytes(end, offset + length - end);
        if (_file.Cache == DiskCache.WriteThrough)
            Flush();
    }

    /// <summary>Writes zeros where the disk does not have them.</summary>
    private void WriteZeroBytes(long offset, long length)
    {
        const int step = 1024 * 1024;
        while (length > 0)
        {
            var extent = ExtentAt(offset, Math.Min(length, step));
            if (!extent.IsZero)
                Write(offset, DiskBuffers.Zeros(extent.Length));
            offset += extent.Length;
            length -= extent.Length;
        }
    }

    /// <summary>The clusters that lie in a range as a whole; the disk's last one may be cut short.</summary>
    private (long First, long End) WholeClusters(long offset, long length)
    {
        var layout = _tables.Layout;
        var first = layout.OffsetOf(layout.ClustersFor(offset));
        var end = offset + length == Length ? layout.OffsetOf(layout.ClustersFor(Length)) : layout.ClusterStart(offset + length);
        return (first, Math.Min(end, layout.OffsetOf(layout.ClustersFor(offset + length))));
    }

    /// <summary>Runs a change for the whole clusters of a range, those of one L2 table at a time so that others get their turn.</summary>
    private void ForWholeClusters(long offset, long length, Action<long, int> change)
    {
        var layout = _tables.Layout;
        var (at, end) = WholeClusters(offset, length);
        while (at < end)
        {
            var start = at;
            var count = (int)Math.Min(layout.L2Entries - layout.L2Index(at), layout.ClusterOf(end - at));
            Change(() => change(start, count));
            at += layout.OffsetOf(count);
        }
    }

    /// <summary>Makes clusters of one L2 table read as zeros.</summary>
    private void Clear(long offset, int count, bool keepsRoom)
    {
        var layout = _tables.Layout;
        var l1Index = layout.L1Index(offset);
        var first = layout.L2Index(offset);
        var before = _tables.L2For(l1Index);
        // Where there is nothing in the image or below it, there is nothing to do, and no table to make for it.
        if (before is null && _backing is null)
            return;
        CachedTable? table = null;
        for (var index = first; index < first + count; index++)
        {
            var entry = before is null ? default : _map.Checked(before[index]);
            var cleared = Cleared(entry, keepsRoom);
            if (cleared == entry)
                continue;
            table ??= _tables.L2ForChange(l1Index);
            Replace(table, index, cleared, frees: cleared.Offset == 0);
        }
    }

    /// <summary>What an entry becomes so that its cluster reads as zeros.</summary>
    private L2Entry Cleared(L2Entry entry, bool keepsRoom)
    {
        if (keepsRoom && entry.IsCopied && entry.Offset != 0)
            return new L2Entry(entry.Value | L2Entry.ZeroFlag);
        // Nothing shines through where nothing is below, so that an entry without anything says zeros as well.
        return _backing is null || !Header.HasZeroClusters ? default : L2Entry.Zero;
    }
}
