using System.Buffers.Binary;
using System.Text;
using Ringmaster.Backends.Disks.Files;
using Ringmaster.Backends.Disks.Qcow2.Format;
using Ringmaster.Backends.Disks.Qcow2.Tables;

namespace Ringmaster.Backends.Disks.Qcow2;

/// <summary>Writes the structures of an empty image into an empty file.</summary>
internal static class Qcow2Creator
{
    /// <summary>Creates an image.</summary>
    /// <param name="file">An empty file.</param>
    /// <param name="settings">What it shall be.</param>
    /// <returns>The new header.</returns>
    /// <exception cref="DiskImageException">There is no such image.</exception>
    internal static Qcow2Header Create(ImageFile file, Qcow2Settings settings)
    {
        var layout = new Qcow2Layout(settings.ClusterBits, settings.RefcountOrder);
        var l1Entries = layout.L1EntriesFor(settings.Size);
        if (l1Entries * sizeof(ulong) > Qcow2HeaderReader.LargestL1)
            throw new DiskImageException($"An image with clusters of {layout.ClusterSize} bytes cannot be that large. Choose larger clusters, or a smaller size.");
        // Header, refcount table, L1 table; then the blocks that count all of them and themselves.
        var l1Clusters = Math.Max(1, layout.ClustersFor(l1Entries * sizeof(ulong)));
        var (tableClusters, blocks) = Counted(layout, 1 + l1Clusters);
        var used = 1 + tableClusters + l1Clusters + blocks;
        var header = new Qcow2Header
        {
            Version = settings.Version,
            Layout = layout,
            Size = settings.Size,
            L1Size = (int)l1Entries,
            L1Offset = layout.OffsetOf(1 + tableClusters),
            RefcountTableOffset = layout.ClusterSize,
            RefcountTableClusters = (int)tableClusters,
            Incompatible = settings.Compression == Qcow2Compression.Deflate ? 0 : Qcow2Features.CompressionType,
            Compatible = settings.LazyRefcounts ? Qcow2Features.LazyRefcounts : 0,
            Compression = settings.Compression,
            HeaderLength = settings.Version == 2 ? Qcow2Header.Version2Length : Qcow2Header.WrittenLength,
            BackingFile = settings.BackingFile,
            BackingFormat = settings.BackingFormat,
        };
        WriteCounts(file, layout, 1 + tableClusters + l1Clusters, blocks, used);
        file.Write(header.L1Offset, new byte[layout.OffsetOf(l1Clusters)]);
        // The header comes last: before it, the file is no image.
        file.Sync();
        file.Write(0, HeaderCluster(header));
        file.Sync();
        return header;
    }

    /// <summary>How many clusters a refcount table and its blocks take to count themselves and others.</summary>
    internal static (long Table, long Blocks) Counted(Qcow2Layout layout, long others)
    {
        var (table, blocks) = (1L, 1L);
        while (true)
        {
            var neededBlocks = (others + table + blocks + layout.RefcountsPerBlock - 1) / layout.RefcountsPerBlock;
            var neededTable = layout.ClustersFor(neededBlocks * sizeof(ulong));
            if (neededBlocks <= blocks && neededTable <= table)
                return (table, blocks);
            (table, blocks) = (Math.Max(table, neededTable), Math.Max(blocks, neededBlocks));
        }
    }

    private static void WriteCounts(ImageFile file, Qcow2Layout layout, long firstBlock, long blocks, long used)
    {
        var table = new byte[layout.ClustersFor(blocks * sizeof(ulong)) * layout.ClusterSize];
        var block = new byte[layout.ClusterSize];
        for (var i = 0L; i < blocks; i++)
        {
            block.AsSpan().Clear();
            var counted = Math.Min(layout.RefcountsPerBlock, used - i * layout.RefcountsPerBlock);
            for (var j = 0; j < counted; j++)
                PackedCounts.Set(block.AsSpan(PackedCounts.BytesOf(j, layout.RefcountOrder).At),
                    j & PackedCounts.IndexInBytes(layout.RefcountOrder), layout.RefcountOrder, 1);
            var offset = layout.OffsetOf(firstBlock + i);
            file.Write(offset, block);
            BinaryPrimitives.WriteUInt64BigEndian(table.AsSpan((int)i * sizeof(ulong)), (ulong)offset);
        }
        file.Write(layout.ClusterSize, table);
    }

    /// <summary>The header with its extensions and the name of the backing image behind it.</summary>
    private static byte[] HeaderCluster(Qcow2Header header)
    {
        var bytes = new MemoryStream();
        bytes.Write(header.ToBytes());
        if (header.BackingFormat is { } format)
            bytes.Write(Qcow2Header.Extension(Qcow2HeaderReader.BackingFormatType, format));
        bytes.Write(Qcow2Header.Extension(0, []));
        var nameAt = (int)bytes.Length;
        var name = Encoding.UTF8.GetBytes(header.BackingFile ?? "");
        bytes.Write(name);
        if (name.Length > 1023 || bytes.Length > header.Layout.ClusterSize)
            throw new DiskImageException("The path of the backing image is too long for the header. Move it to a shorter one, or choose larger clusters.");
        var cluster = new byte[header.Layout.ClusterSize];
        bytes.ToArray().CopyTo(cluster, 0);
        if (name.Length > 0)
        {
            BinaryPrimitives.WriteUInt64BigEndian(cluster.AsSpan(8), (ulong)nameAt);
            BinaryPrimitives.WriteUInt32BigEndian(cluster.AsSpan(16), (uint)name.Length);
        }
        return cluster;
    }
}
