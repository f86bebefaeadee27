using System.Buffers.Binary;
using Ringmaster.Backends.Disks.Files;
using Ringmaster.Backends.Disks.Qcow2.Format;

namespace Ringmaster.Backends.Disks.Qcow2.Tables;

/// <summary>How often each cluster of the file is used: a table of blocks of counts.</summary>
/// <remarks>
/// A block that is missing is made in the first cluster of those that it counts: none of them is in use. The file always has the
/// counts before anything refers to what they count.
/// </remarks>
internal sealed class RefcountTable
{
    private const int CacheMemory = 4 * 1024 * 1024;

    /// <summary>More blocks than the longest table takes to be counted: 8 MiB of clusters of 512 bytes, 64 to a block.</summary>
    private const int MostBlocksOfTable = 272;

    private readonly ImageFile _file;
    private readonly Qcow2Layout _layout;
    private readonly MetadataMap _metadata;
    private readonly TableCache _blocks;
    private readonly SortedSet<int> _dirtyEntries = [];
    private ulong[] _table;

    /// <summary>Reads the table; blocks are read when they are needed.</summary>
    internal RefcountTable(ImageFile file, Qcow2Layout layout, MetadataMap metadata, long offset, int clusters)
    {
        (_file, _layout, _metadata, Offset) = (file, layout, metadata, offset);
        _blocks = new TableCache(file, layout.ClusterSize, TableCache.CapacityFor(layout.ClusterSize, CacheMemory));
        _table = [.. L1Table.Read(file, offset, clusters * layout.L2Entries).Entries];
        metadata.Add(offset, (long)clusters * layout.ClusterSize);
        foreach (var entry in _table)
        {
            if (BlockOffset(entry) is not (> 0 and var block))
                continue;
            if (!layout.IsAligned(block) || metadata.Contains(layout.ClusterOf(block)))
                throw Qcow2Damage.Found(file.Path, "a block of reference counts is used twice");
            metadata.Add(block, layout.ClusterSize);
        }
    }

    /// <summary>Where the table lies in the file.</summary>
    internal long Offset { get; private set; }

    internal int Clusters => _table.Length / _layout.L2Entries;

    internal bool IsDirty => _blocks.IsDirty || _dirtyEntries.Count > 0;

    internal bool IsCrowded => _blocks.IsCrowded;

    /// <summary>Clusters that the table could count without growing.</summary>
    internal long Reach => (long)_table.Length * _layout.RefcountsPerBlock;

    internal ReadOnlySpan<ulong> Entries => _table;

    /// <summary>How often a cluster is used; 0 for one that nothing counts.</summary>
    internal ulong Get(long cluster)
    {
        var (block, index) = Place(cluster);
        return block < _table.Length && BlockOffset(_table[block]) is > 0 and var offset
            ? PackedCounts.Get(Block(offset).Bytes, index, _layout.RefcountOrder)
            : 0;
    }

    /// <summary>Whether there is a block that counts a cluster.</summary>
    internal bool Counts(long cluster) => Place(cluster).Block is var block && block < _table.Length && BlockOffset(_table[block]) != 0;

    /// <summary>Sets the count of a cluster that has a block; see <see cref="Cover"/>.</summary>
    internal void Set(long cluster, ulong count)
    {
        var (block, index) = Place(cluster);
        var table = Block(BlockOffset(_table[block]));
        var (at, length) = PackedCounts.BytesOf(index, _layout.RefcountOrder);
        PackedCounts.Set(table.Change(at, length), index & PackedCounts.IndexInBytes(_layout.RefcountOrder), _layout.RefcountOrder, count);
        _blocks.Changed(table);
    }

    /// <summary>Sees to it that a cluster has a block that counts it.</summary>
    /// <returns>False if there was none and the block that was made took this very cluster.</returns>
    /// <exception cref="DiskImageException">The image cannot become larger, or is damaged.</exception>
    internal bool Cover(long cluster)
    {
        var (block, _) = Place(cluster);
        if (block >= _table.Length)
            Grow(block + 1);
        if (BlockOffset(_table[block]) != 0)
            return true;
        var first = (long)block * _layout.RefcountsPerBlock;
        if (_metadata.Contains(first))
            throw Qcow2Damage.Found(_file.Path, "its reference counts do not count its own structures");
        var offset = _layout.OffsetOf(first);
        _blocks.Create(offset);
        _metadata.Add(offset, _layout.ClusterSize);
        _table[block] = (ulong)offset;
        _dirtyEntries.Add(block);
        Set(first, 1);
        return first != cluster;
    }

    /// <summary>Makes blocks for a run of clusters behind everything that is counted so far; the blocks come before it.</summary>
    /// <returns>The run's first cluster.</returns>
    /// <exception cref="DiskImageException">The image cannot become larger, or is damaged.</exception>
    internal long Append(long clusters)
    {
        var blocks = (int)((clusters + _layout.RefcountsPerBlock - 2) / (_layout.RefcountsPerBlock - 1));
        var first = FirstUnused();
        if (first + blocks > _table.Length)
        {
            Grow(first + blocks + MostBlocksOfTable);
            first = FirstUnused();
        }
        var start = (long)first * _layout.RefcountsPerBlock;
        if (_metadata.Touches(_layout.OffsetOf(start), (clusters + blocks) * _layout.ClusterSize))
            throw Qcow2Damage.Found(_file.Path, "its reference counts do not count its own structures");
        for (var i = 0; i < blocks; i++)
        {
            _table[first + i] = (ulong)_layout.OffsetOf(start + i);
            _dirtyEntries.Add(first + i);
            _blocks.Create(_layout.OffsetOf(start + i));
        }
        _metadata.Add(_layout.OffsetOf(start), (long)blocks * _layout.ClusterSize);
        for (var i = 0; i < blocks; i++)
            Set(start + i, 1);
        return start + blocks;
    }

    /// <summary>Writes what was changed: blocks, and only when the file surely has them, the table.</summary>
    internal void Write()
    {
        _blocks.Write();
        if (_dirtyEntries.Count == 0)
            return;
        _file.Sync();
        Span<byte> bytes = stackalloc byte[sizeof(ulong)];
        foreach (var index in _dirtyEntries)
        {
            BinaryPrimitives.WriteUInt64BigEndian(bytes, _table[index]);
            _file.Write(Offset + (long)index * sizeof(ulong), bytes);
        }
        _dirtyEntries.Clear();
    }

    /// <summary>
    /// Makes a longer table behind everything that is counted, with the blocks that count it, and has the header name it.
    /// </summary>
    private void Grow(int entries)
    {
        // Half as many again, so that a growing image seldom comes here.
        var clusters = (int)_layout.ClustersFor(Math.Max((long)entries, _table.Length * 3L / 2) * sizeof(ulong));
        if ((long)clusters * _layout.ClusterSize > Qcow2HeaderReader.LargestRefcountTable)
            clusters = Qcow2HeaderReader.LargestRefcountTable / _layout.ClusterSize;
        if (entries > clusters * (long)_layout.L2Entries)
            throw new DiskImageException($"{_file.Path} cannot become larger: its clusters of {_layout.ClusterSize} bytes are too small. "
                + "Convert it with \"ringmaster image convert\".");
        Write();
        var start = Reach;
        var blocks = 1L;
        while (blocks * _layout.RefcountsPerBlock < clusters + blocks)
            blocks++;
        if (_metadata.Touches(_layout.OffsetOf(start), (clusters + blocks) * _layout.ClusterSize))
            throw Qcow2Damage.Found(_file.Path, "its reference counts do not count its own structures");
        var table = new ulong[clusters * _layout.L2Entries];
        _table.CopyTo(table, 0);
        for (var i = 0; i < blocks; i++)
            table[_table.Length + i] = (ulong)_layout.OffsetOf(start + clusters + i);
        var (oldOffset, oldClusters) = (Offset, Clusters);
        _file.Write(_layout.OffsetOf(start), new L1Table(0, table).ToBytes());
        (_table, Offset) = (table, _layout.OffsetOf(start));
        for (var i = 0; i < blocks; i++)
            _blocks.Create(_layout.OffsetOf(start + clusters + i));
        for (var i = 0; i < clusters + blocks; i++)
            Set(start + i, 1);
        _metadata.Add(Offset, (clusters + blocks) * _layout.ClusterSize);
        _blocks.Write();
        _file.Sync();
        WriteHeader();
        _file.Sync();
        _metadata.Remove(oldOffset, (long)oldClusters * _layout.ClusterSize);
        for (var i = 0; i < oldClusters; i++)
            Set(_layout.ClusterOf(oldOffset) + i, 0);
    }

    private void WriteHeader()
    {
        Span<byte> fields = stackalloc byte[12];
        BinaryPrimitives.WriteUInt64BigEndian(fields, (ulong)Offset);
        BinaryPrimitives.WriteUInt32BigEndian(fields[8..], (uint)Clusters);
        _file.Write(Qcow2Header.RefcountTableAt, fields);
    }

    /// <summary>The first entry behind the last one that has a block.</summary>
    private int FirstUnused() => Array.FindLastIndex(_table, entry => entry != 0) + 1;

    private (int Block, int Index) Place(long cluster)
    {
        var block = cluster / _layout.RefcountsPerBlock;
        return (block > int.MaxValue - 1 ? int.MaxValue - 1 : (int)block, (int)(cluster % _layout.RefcountsPerBlock));
    }

    private CachedTable Block(long offset) => _layout.IsAligned(offset)
        ? _blocks.Get(offset)
        : throw Qcow2Damage.Found(_file.Path, "a block of reference counts does not start with a cluster");

    /// <summary>The lowest nine bits of an entry are reserved.</summary>
    private static long BlockOffset(ulong entry) => (long)(entry & ~0x1FFUL & long.MaxValue);
}
