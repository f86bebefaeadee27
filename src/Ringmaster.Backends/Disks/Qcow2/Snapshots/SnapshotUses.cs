using Ringmaster.Backends.Disks.Qcow2.Checking;
using Ringmaster.Backends.Disks.Qcow2.Format;
using Ringmaster.Backends.Disks.Qcow2.Tables;

namespace Ringmaster.Backends.Disks.Qcow2.Snapshots;

/// <summary>Counts the uses of everything that an L1 table leads to, up and down.</summary>
internal sealed class SnapshotUses(Qcow2Tables tables)
{
    private Qcow2Layout Layout => tables.Layout;

    /// <summary>Sees beforehand whether one more use of everything can be counted.</summary>
    /// <exception cref="DiskImageException">The counts have too few bits.</exception>
    internal void ThrowIfTooMany(L1Table l1)
    {
        var tally = new ReferenceTally(tables.File.Path);
        ForAll(l1, (_, table, _) => tally.Add(Layout.ClusterOf(table.Offset)), (_, _, entry) =>
        {
            var (offset, clusters) = ClustersOf(entry);
            for (var i = 0; i < clusters; i++)
                tally.Add(Layout.ClusterOf(offset) + i);
        });
        foreach (var (cluster, more) in tally.All)
        {
            if (Layout.MostReferences - tables.Refcounts.Get(cluster) < more)
                throw new DiskImageException($"{tables.File.Path} counts uses with {Layout.RefcountBits} bits, which is not enough for another snapshot. "
                    + "Convert it with \"ringmaster image convert\".");
        }
    }

    /// <summary>
    /// Adds a use of everything. The flags that allow writing in place go first, so that a crash in between leaves an image that
    /// copies once too often rather than one that changes a snapshot.
    /// </summary>
    internal void Share(L1Table l1)
    {
        ForAll(l1, (index, _, entry) =>
        {
            if ((entry & L2Entry.Copied) != 0)
                l1[index] = entry & ~L2Entry.Copied;
        }, (table, index, entry) =>
        {
            if (entry.IsCopied)
                Set(table, index, entry.Value & ~L2Entry.Copied);
        });
        // The flags of a table that is not the active one are not in use, and so not written.
        tables.Commit();
        ForAll(l1, (_, table, _) => tables.Allocator.AddUse(table.Offset), (_, _, entry) =>
        {
            var (offset, clusters) = ClustersOf(entry);
            tables.Allocator.AddUse(offset, clusters);
            WriteIfCrowded();
        });
        tables.Commit();
    }

    /// <summary>Ends a use of everything.</summary>
    internal void Free(L1Table l1) => ForAll(l1, (_, table, _) => tables.Allocator.Free(table.Offset), (_, _, entry) =>
    {
        var (offset, clusters) = ClustersOf(entry);
        tables.Allocator.Free(offset, clusters);
        WriteIfCrowded();
    });

    /// <summary>Lets the disk write in place what is its own.</summary>
    internal void UpdateFlags() => ForAll(tables.L1, (index, table, entry) =>
    {
        if (IsUsedOnce(table.Offset) != ((entry & L2Entry.Copied) != 0))
            tables.L1[index] = entry ^ L2Entry.Copied;
    }, (table, index, entry) =>
    {
        if (!entry.IsCompressed && IsUsedOnce(entry.Offset) != entry.IsCopied)
            Set(table, index, entry.Value ^ L2Entry.Copied);
    });

    private bool IsUsedOnce(long offset) => tables.Refcounts.Get(Layout.ClusterOf(offset)) == 1;

    private void Set(CachedTable table, int index, ulong value)
    {
        table[index] = value;
        tables.L2s.Changed(table);
    }

    private void WriteIfCrowded()
    {
        if (tables.IsCrowded)
            tables.Commit();
    }

    private (long Offset, long Clusters) ClustersOf(L2Entry entry) =>
        entry.IsCompressed ? ClusterAllocator.CompressedClusters(entry, Layout) : (entry.Offset, 1);

    /// <summary>Visits the L2 tables of an L1 table, and before each of them its entries that have room in the file.</summary>
    private void ForAll(L1Table l1, Action<int, CachedTable, ulong> visitTable, Action<CachedTable, int, L2Entry> visitEntry)
    {
        for (var i = 0; i < l1.Count; i++)
        {
            var offset = tables.OffsetIn(l1[i]);
            if (offset == 0)
                continue;
            var table = tables.L2s.Get(offset);
            for (var j = 0; j < Layout.L2Entries; j++)
            {
                var entry = new L2Entry(table[j]);
                if (entry.IsCompressed || entry.Offset != 0)
                    visitEntry(table, j, entry);
            }
            visitTable(i, table, l1[i]);
            WriteIfCrowded();
        }
    }
}
