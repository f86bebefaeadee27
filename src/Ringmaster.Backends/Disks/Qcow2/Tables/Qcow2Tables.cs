using Ringmaster.Backends.Disks.Files;
using Ringmaster.Backends.Disks.Qcow2.Format;

namespace Ringmaster.Backends.Disks.Qcow2.Tables;

/// <summary>All structures of an open image, and the order in which changes of them reach the file.</summary>
/// <remarks>
/// Changes stay in memory until <see cref="Write"/>: first the counts of clusters that are now in use, then L2 tables that refer to
/// them, then the L1 table that refers to those, and at last the counts of what is not used any more, each only when the host's disk
/// has the one before. Whenever a crash comes, the file is an image without errors; at worst some clusters are counted that nobody
/// uses.
/// </remarks>
internal sealed class Qcow2Tables
{
    private const int L2Memory = 16 * 1024 * 1024;

    private RefcountTable? _refcounts;
    private ClusterAllocator? _allocator;

    /// <summary>Reads the L1 table, and for an image to be written the refcount table.</summary>
    internal Qcow2Tables(ImageFile file, Qcow2Header header)
    {
        (File, Header) = (file, header);
        Metadata = new MetadataMap(header.Layout);
        L2s = new TableCache(file, header.Layout.ClusterSize, TableCache.CapacityFor(header.Layout.ClusterSize, L2Memory));
        L1 = ReadL1(header.L1Offset, header.L1Size);
        if (!file.IsReadOnly)
            LoadCounts();
    }

    internal ImageFile File { get; }

    /// <summary>What the file's header says now.</summary>
    internal Qcow2Header Header { get; set; }

    internal Qcow2Layout Layout => Header.Layout;

    internal MetadataMap Metadata { get; private set; }

    internal TableCache L2s { get; }

    internal L1Table L1 { get; private set; }

    internal RefcountTable Refcounts => _refcounts ?? throw new InvalidOperationException("The image was opened read-only.");

    internal ClusterAllocator Allocator => _allocator ?? throw new InvalidOperationException("The image was opened read-only.");

    /// <summary>Whether so much has piled up in memory that it should be written.</summary>
    internal bool IsCrowded => L2s.IsCrowded || Refcounts.IsCrowded || Allocator.IsCrowded;

    /// <summary>Reads the counts anew from where the header says they are.</summary>
    internal void LoadCounts()
    {
        Metadata = new MetadataMap(Layout);
        Metadata.Add(0, Layout.ClusterSize);
        Metadata.Add(Header.SnapshotsOffset, Header.SnapshotCount > 0 ? 1 : 0);
        _refcounts = new RefcountTable(File, Layout, Metadata, Header.RefcountTableOffset, Header.RefcountTableClusters);
        _allocator = new ClusterAllocator(File, Layout, _refcounts, Metadata);
        AddL1ToMetadata();
    }

    /// <summary>Goes over to another L1 table that the file already has.</summary>
    internal void UseL1(L1Table table)
    {
        Metadata.Remove(L1.Offset, (long)L1.Count * sizeof(ulong));
        L1 = table;
        AddL1ToMetadata();
    }

    /// <summary>Reads an L1 table, which a damaged image may say lies anywhere.</summary>
    /// <exception cref="DiskImageException">The file ends before it.</exception>
    internal L1Table ReadL1(long offset, int count)
    {
        if (count > 0 && (offset == 0 || offset > File.Length - (long)count * sizeof(ulong)))
            throw Qcow2Damage.Found(File.Path, "its L1 table lies behind the end of the file");
        return L1Table.Read(File, offset, count);
    }

    /// <summary>The L2 table that maps a part of the disk; null if nothing of it was ever written.</summary>
    internal CachedTable? L2For(int l1Index) => OffsetIn(L1[l1Index]) is > 0 and var offset ? L2s.Get(offset) : null;

    /// <summary>Whether <see cref="L2For"/> needs nothing from the file.</summary>
    internal bool HasL2For(int l1Index) => OffsetIn(L1[l1Index]) is var offset && (offset == 0 || L2s.Has(offset));

    /// <summary>Where an entry of an L1 table says that an L2 table is; 0 for nowhere.</summary>
    internal long OffsetIn(ulong l1Entry)
    {
        var offset = (long)(l1Entry & L2Entry.OffsetMask);
        return Layout.IsAligned(offset) ? offset : throw Qcow2Damage.Found(File.Path, "an L2 table does not start with a cluster");
    }

    /// <summary>The L2 table that maps a part of the disk, made or copied so that it may be changed.</summary>
    internal CachedTable L2ForChange(int l1Index)
    {
        var entry = L1[l1Index];
        var old = OffsetIn(entry);
        if (old != 0 && (entry & L2Entry.Copied) != 0)
        {
            return Metadata.Contains(Layout.ClusterOf(old)) ? L2s.Get(old) : throw Qcow2Damage.Found(File.Path, "an L2 table is used twice");
        }
        var before = old == 0 ? null : L2s.Get(old);
        var offset = Allocator.Allocate(1, out _);
        var table = L2s.Create(offset);
        before?.Bytes.CopyTo(table.Change(0, Layout.ClusterSize));
        Metadata.Add(offset, Layout.ClusterSize);
        L1[l1Index] = (ulong)offset | L2Entry.Copied;
        if (old != 0)
            Allocator.Free(old);
        return table;
    }

    /// <summary>Writes what was changed in memory, in the order that keeps the file right at every moment.</summary>
    /// <remarks>What was freed stays so until <see cref="ReleaseFreed"/>, before which the file has to be synchronised.</remarks>
    internal void Write()
    {
        Refcounts.Write();
        if (L2s.IsDirty)
        {
            File.Sync();
            L2s.Write();
        }
        if (!L1.IsDirty)
            return;
        File.Sync();
        L1.Write(File);
    }

    /// <summary>Counts down what is not used any more.</summary>
    internal void ReleaseFreed()
    {
        if (!Allocator.HasFreed)
            return;
        try
        {
            Allocator.ReleaseFreed();
        }
        finally
        {
            Refcounts.Write();
        }
    }

    /// <summary>Writes fields of the header that are already in the file's structures, safely before and after.</summary>
    internal void WriteHeader(Qcow2Header header, int at, ReadOnlySpan<byte> fields)
    {
        Write();
        File.Sync();
        File.Write(at, fields);
        File.Sync();
        Header = header;
    }

    /// <summary>All of it: afterwards, file and memory are the same.</summary>
    internal void Commit()
    {
        Write();
        File.Sync();
        ReleaseFreed();
    }

    private void AddL1ToMetadata()
    {
        Metadata.Add(L1.Offset, (long)L1.Count * sizeof(ulong));
        foreach (var entry in L1.Entries)
        {
            if ((entry & L2Entry.OffsetMask) is > 0 and var offset)
                Metadata.Add((long)offset, Layout.ClusterSize);
        }
    }
}
