using Ringmaster.Backends.Disks.Qcow2.Format;
using Ringmaster.Backends.Disks.Qcow2.Tables;

namespace Ringmaster.Backends.Disks.Qcow2;

/// <summary>Finds where the disk's bytes lie.</summary>
internal sealed class ClusterMap(Qcow2Tables tables)
{
    /// <summary>The longest run from an offset on that one access can serve.</summary>
    /// <param name="offset">On the disk.</param>
    /// <param name="length">The longest of interest.</param>
    /// <exception cref="DiskImageException">A table is damaged.</exception>
    internal Qcow2Run Find(long offset, long length)
    {
        var layout = tables.Layout;
        length = Math.Min(length, layout.BytesPerL2 - offset % layout.BytesPerL2);
        if (tables.L2For(layout.L1Index(offset)) is not { } table)
            return new(default, 0, length);
        var index = layout.L2Index(offset);
        var first = Checked(table[index]);
        var known = (long)layout.ClusterSize - layout.InCluster(offset);
        for (var i = index + 1; known < length && Continues(first, Checked(table[i]), i - index); i++)
            known += layout.ClusterSize;
        return new(first, first.IsData ? first.Offset + layout.InCluster(offset) : 0, Math.Min(known, length));
    }

    /// <summary>Whether <see cref="Find"/> needs nothing from the file.</summary>
    internal bool IsKnown(long offset) => tables.HasL2For(tables.Layout.L1Index(offset));

    /// <summary>Refuses an entry that makes no sense.</summary>
    internal L2Entry Checked(ulong value)
    {
        var entry = new L2Entry(value);
        if (entry.IsCompressed)
            return entry;
        if (!tables.Layout.IsAligned(entry.Offset))
            throw Qcow2Damage.Found(tables.File.Path, "data of the disk does not start with a cluster");
        if (entry.IsZero && !tables.Header.HasZeroClusters)
            throw Qcow2Damage.Found(tables.File.Path, "an image of version 2 has clusters marked as zeros");
        return entry;
    }

    private bool Continues(L2Entry first, L2Entry next, int clusters) =>
        first.IsData
            ? next.IsData && next.IsCopied == first.IsCopied && next.Offset == first.Offset + ((long)clusters << tables.Layout.ClusterBits)
            : !first.IsCompressed && !next.IsCompressed && !next.IsData && next.IsZero == first.IsZero;
}
