using System.Buffers.Binary;
using Ringmaster.Backends.Disks.Files;
using Ringmaster.Backends.Disks.Qcow2.Format;
using Ringmaster.Backends.Disks.Qcow2.Snapshots;
using Ringmaster.Backends.Disks.Qcow2.Tables;

namespace Ringmaster.Backends.Disks.Qcow2.Checking;

/// <summary>Follows every reference of an image, whatever is in it, and counts which clusters they lead to.</summary>
internal sealed class ReferenceWalk(ImageFile file, Qcow2Header header, CheckReport report, CancellationToken cancel)
{
    private readonly byte[] _table = new byte[header.Layout.ClusterSize];
    private readonly HashSet<long> _l1Tables = [];
    private long _l1Bytes;

    internal ReferenceTally Tally { get; } = new(file.Path);

    /// <summary>Clusters with data of the disk as it is now, and how many of them are compressed.</summary>
    internal (long Data, long Compressed) InUse { get; private set; }

    private Qcow2Layout Layout => header.Layout;

    /// <summary>Follows everything but the reference counts.</summary>
    internal void Content()
    {
        Count(0, Layout.ClusterSize, "the header");
        L1(header.L1Offset, header.L1Size, "the L1 table", isActive: true);
        try
        {
            var snapshots = SnapshotTable.Read(file, header, out var length);
            if (snapshots.Count > 0)
                Count(header.SnapshotsOffset, length, "the list of snapshots");
            foreach (var snapshot in snapshots)
                L1(snapshot.L1Offset, snapshot.L1Size, $"the L1 table of snapshot {snapshot.Id}", isActive: false);
        }
        catch (DiskImageException error)
        {
            report.Corruption(error.Message, isBeyondRepair: true);
        }
        if (header.Bitmaps is { } bitmaps)
            Bitmaps(bitmaps);
    }

    /// <summary>Follows the reference counts' own structures.</summary>
    /// <returns>Whether they are whole: the counts can be put right where they are.</returns>
    internal bool Counts()
    {
        var isWhole = Count(header.RefcountTableOffset, (long)header.RefcountTableClusters * Layout.ClusterSize, "the refcount table");
        if (!isWhole)
            return false;
        var table = L1Table.Read(file, header.RefcountTableOffset, header.RefcountTableClusters * Layout.L2Entries);
        var blocks = new List<long>();
        foreach (var entry in table.Entries)
        {
            var block = (long)(entry & ~0x1FFUL & long.MaxValue);
            if (block != 0 && Count(block, Layout.ClusterSize, "a block of reference counts"))
                blocks.Add(block);
            else if (block != 0)
                isWhole = false;
        }
        return isWhole
            && blocks.TrueForAll(block => Tally[Layout.ClusterOf(block)] == 1)
            && Enumerable.Range(0, header.RefcountTableClusters).All(i => Tally[Layout.ClusterOf(header.RefcountTableOffset) + i] == 1);
    }

    private void L1(long offset, int entries, string what, bool isActive)
    {
        var length = (long)entries * sizeof(ulong);
        if (length == 0 || !Count(offset, length, what))
            return;
        _l1Bytes += length;
        if (!_l1Tables.Add(offset) || _l1Bytes > file.Length)
        {
            report.Corruption($"{what} lies where another one does.", isBeyondRepair: true);
            return;
        }
        var tables = new HashSet<long>();
        foreach (var entry in L1Table.Read(file, offset, entries).Entries)
        {
            cancel.ThrowIfCancellationRequested();
            var table = (long)(entry & L2Entry.OffsetMask);
            if (table == 0 || !Count(table, Layout.ClusterSize, "an L2 table"))
                continue;
            if (tables.Add(table))
                L2(table, isActive);
            else
                report.Corruption($"An L2 table at {table:x} is used twice.", isBeyondRepair: true);
        }
    }

    private void L2(long offset, bool isActive)
    {
        file.Read(offset, _table.AsSpan());
        for (var i = 0; i < Layout.L2Entries; i++)
        {
            var entry = new L2Entry(BinaryPrimitives.ReadUInt64BigEndian(_table.AsSpan(i * sizeof(ulong))));
            if (entry.IsCompressed)
            {
                var (start, clusters) = ClusterAllocator.CompressedClusters(entry, Layout);
                Count(start, clusters * Layout.ClusterSize, "a compressed cluster");
            }
            else if (entry.Offset != 0)
            {
                Count(entry.Offset, Layout.ClusterSize, "data of the disk");
            }
            if (entry.IsZero && !header.HasZeroClusters)
                report.Corruption($"An L2 table at {offset:x} marks zeros, which version 2 has not.", isBeyondRepair: true);
            if (isActive && (entry.IsCompressed || entry.IsData))
                InUse = (InUse.Data + 1, InUse.Compressed + (entry.IsCompressed ? 1 : 0));
        }
    }

    /// <summary>Dirty bitmaps: a list, for each of them a table, and for each entry of that a cluster.</summary>
    private void Bitmaps(BitmapDirectory directory)
    {
        const int fixedLength = 24;
        if (!Count(directory.Offset, directory.Length, "the list of bitmaps"))
            return;
        var list = new byte[directory.Length];
        file.Read(directory.Offset, list.AsSpan());
        var at = 0L;
        for (var i = 0; i < directory.Count && at + fixedLength <= list.Length; i++)
        {
            var entry = list.AsSpan((int)at);
            var table = BinaryPrimitives.ReadUInt64BigEndian(entry);
            var entries = BinaryPrimitives.ReadUInt32BigEndian(entry[8..]);
            if (table <= long.MaxValue / 2 && entries <= Qcow2HeaderReader.LargestL1 / sizeof(ulong)
                && Count((long)table, entries * (long)sizeof(ulong), "a bitmap's table"))
            {
                foreach (var bits in L1Table.Read(file, (long)table, (int)entries).Entries)
                {
                    if ((bits & L2Entry.OffsetMask) is > 0 and var cluster)
                        Count((long)cluster, Layout.ClusterSize, "a bitmap");
                }
            }
            var nameLength = BinaryPrimitives.ReadUInt16BigEndian(entry[18..]);
            var extraLength = BinaryPrimitives.ReadUInt32BigEndian(entry[20..]);
            at += (fixedLength + (long)nameLength + extraLength + 7) / 8 * 8;
        }
    }

    /// <summary>Counts a reference to all clusters of a range.</summary>
    /// <returns>Whether the range starts with a cluster and lies in the file; otherwise nothing is counted.</returns>
    private bool Count(long offset, long length, string what)
    {
        if (!Layout.IsAligned(offset))
        {
            report.Corruption($"A reference to {what} at {offset:x} does not start with a cluster.", isBeyondRepair: true);
            return false;
        }
        var (first, count) = (Layout.ClusterOf(offset), Layout.ClustersFor(length));
        if (first + count > Layout.ClustersFor(file.Length))
        {
            report.Corruption($"A reference to {what} at {offset:x} leads behind the end of the file.", isBeyondRepair: true);
            return false;
        }
        for (var cluster = first; cluster < first + count; cluster++)
            Tally.Add(cluster);
        return true;
    }
}
