using System.Buffers.Binary;
using Ringmaster.Backends.Disks.Files;
using Ringmaster.Backends.Disks.Qcow2.Format;
using Ringmaster.Backends.Disks.Qcow2.Tables;

namespace Ringmaster.Backends.Disks.Qcow2.Checking;

/// <summary>Makes new reference counts behind the end of the file, from the references, and has the header name them.</summary>
internal static class CountRebuild
{
    /// <returns>The header as it is now.</returns>
    /// <exception cref="DiskImageException">The file is too long for counts of this kind.</exception>
    internal static Qcow2Header Run(ImageFile file, Qcow2Header header)
    {
        var layout = header.Layout;
        // Counted again without the old structures, which nobody refers to any more.
        var walk = new ReferenceWalk(file, header, new CheckReport(), CancellationToken.None);
        walk.Content();
        var start = layout.ClustersFor(file.Length);
        var (tableClusters, _) = Qcow2Creator.Counted(layout, start);
        var used = walk.Tally.All.Select(c => c.Cluster / layout.RefcountsPerBlock).Distinct().ToHashSet();
        // The blocks that count the new structures themselves come on top, and lie behind the table like all.
        var blocks = used.Order().ToList();
        for (var last = start - 1; ;)
        {
            var end = start + tableClusters + blocks.Count;
            var more = Enumerable.Range(0, (int)(end / layout.RefcountsPerBlock - last / layout.RefcountsPerBlock) + 1)
                .Select(i => last / layout.RefcountsPerBlock + i).Where(b => b * layout.RefcountsPerBlock < end && used.Add(b)).ToList();
            if (more.Count == 0)
                break;
            blocks.AddRange(more);
        }
        if (tableClusters * layout.ClusterSize > Qcow2HeaderReader.LargestRefcountTable || blocks[^1] >= tableClusters * layout.L2Entries)
            throw new DiskImageException($"{file.Path} is too long for new reference counts. Convert it with \"ringmaster image convert\".");
        Write(file, layout, walk.Tally, start, tableClusters, blocks);
        header = header with { RefcountTableOffset = layout.OffsetOf(start), RefcountTableClusters = (int)tableClusters };
        Span<byte> fields = stackalloc byte[12];
        BinaryPrimitives.WriteUInt64BigEndian(fields, (ulong)header.RefcountTableOffset);
        BinaryPrimitives.WriteUInt32BigEndian(fields[8..], (uint)tableClusters);
        file.Write(Qcow2Header.RefcountTableAt, fields);
        file.Sync();
        return header;
    }

    private static void Write(ImageFile file, Qcow2Layout layout, ReferenceTally tally, long start, long tableClusters, List<long> blocks)
    {
        var end = start + tableClusters + blocks.Count;
        var table = new ulong[tableClusters * layout.L2Entries];
        var block = new byte[layout.ClusterSize];
        for (var i = 0; i < blocks.Count; i++)
        {
            var offset = layout.OffsetOf(start + tableClusters + i);
            var first = blocks[i] * layout.RefcountsPerBlock;
            block.AsSpan().Clear();
            for (var j = 0; j < layout.RefcountsPerBlock; j++)
            {
                ulong count = first + j >= start && first + j < end ? 1 : tally[first + j];
                var (at, length) = PackedCounts.BytesOf(j, layout.RefcountOrder);
                PackedCounts.Set(block.AsSpan(at, length), j & PackedCounts.IndexInBytes(layout.RefcountOrder), layout.RefcountOrder,
                    Math.Min(count, layout.MostReferences));
            }
            file.Write(offset, block);
            table[blocks[i]] = (ulong)offset;
        }
        file.Write(layout.OffsetOf(start), new L1Table(0, table).ToBytes());
        file.Sync();
    }
}
