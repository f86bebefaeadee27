using Ringmaster.Backends.Disks.Files;
using Ringmaster.Backends.Disks.Qcow2.Format;

namespace Ringmaster.Backends.Disks.Qcow2.Tables;

/// <summary>Gives out clusters of the file and takes them back.</summary>
/// <remarks>
/// What is given back is counted down, and may be given out again, only after the file surely has the tables that do not refer to it
/// any more (<see cref="ReleaseFreed"/>). A crash before that leaves a cluster that nobody uses, and never one that two use.
/// </remarks>
internal sealed class ClusterAllocator(ImageFile file, Qcow2Layout layout, RefcountTable refcounts, MetadataMap metadata)
{
    private const int MostFreed = 64 * 1024;

    private readonly List<(long Cluster, long Count)> _freed = [];
    private long _hint;

    internal bool HasFreed => _freed.Count > 0;

    internal bool IsCrowded => _freed.Count > MostFreed;

    /// <summary>Takes a run of clusters.</summary>
    /// <param name="wanted">The longest run of use.</param>
    /// <param name="got">The run's length, at least <paramref name="least"/>.</param>
    /// <param name="least">The shortest run of use.</param>
    /// <returns>The run's offset in the file.</returns>
    /// <exception cref="DiskImageException">The image cannot become larger, or is damaged.</exception>
    internal long Allocate(long wanted, out long got, long least = 1)
    {
        var start = _hint;
        var count = 0L;
        // Only a search for a single cluster proves that there is no free one before it.
        var skipsNone = least == 1;
        while (count < wanted)
        {
            var cluster = start + count;
            if (refcounts.Cover(cluster) && refcounts.Get(cluster) == 0)
            {
                if (metadata.Contains(cluster))
                    throw Qcow2Damage.Found(file.Path, "a cluster with a structure of the image counts as free");
                count++;
                continue;
            }
            if (count >= least)
                break;
            start = cluster + 1;
            count = 0;
        }
        for (var i = 0L; i < count; i++)
            refcounts.Set(start + i, 1);
        if (skipsNone)
            _hint = start + count;
        got = count;
        return layout.OffsetOf(start);
    }

    /// <summary>Takes clusters that follow each other.</summary>
    internal long AllocateRun(long clusters)
    {
        // Blocks of counts stand between the clusters that they count, so that a long run finds no place among them.
        if (clusters <= layout.RefcountsPerBlock / 2)
            return Allocate(clusters, out _, clusters);
        var start = refcounts.Append(clusters);
        for (var i = 0L; i < clusters; i++)
            refcounts.Set(start + i, 1);
        return layout.OffsetOf(start);
    }

    /// <summary>Notes one more use of each cluster.</summary>
    /// <exception cref="DiskImageException">The image's counts cannot count so far.</exception>
    internal void AddUse(long offset, long clusters = 1)
    {
        for (var cluster = layout.ClusterOf(offset); cluster < layout.ClusterOf(offset) + clusters; cluster++)
        {
            var count = refcounts.Get(cluster);
            if (count == layout.MostReferences)
            {
                throw new DiskImageException($"{file.Path} counts uses with {layout.RefcountBits} bits, which is not enough for another snapshot. "
                    + "Convert it with \"ringmaster image convert\".");
            }
            if (count == 0)
                throw Qcow2Damage.Found(file.Path, "a cluster in use counts as free");
            refcounts.Set(cluster, count + 1);
        }
    }

    /// <summary>Ends one use of each cluster, once that is safe.</summary>
    internal void Free(long offset, long clusters = 1)
    {
        var cluster = layout.ClusterOf(offset);
        if (_freed.Count > 0 && _freed[^1] is var last && last.Cluster + last.Count == cluster)
            _freed[^1] = last with { Count = last.Count + clusters };
        else
            _freed.Add((cluster, clusters));
    }

    /// <summary>Ends the use that an entry of an L2 table stands for.</summary>
    internal void Free(L2Entry entry)
    {
        if (entry.IsCompressed)
        {
            var (offset, clusters) = CompressedClusters(entry, layout);
            Free(offset, clusters);
        }
        else if (entry.Offset != 0)
        {
            Free(entry.Offset);
        }
    }

    /// <summary>Takes back at once what nothing refers to yet.</summary>
    internal void Undo(long offset, long clusters)
    {
        for (var i = 0L; i < clusters; i++)
            Release(layout.ClusterOf(offset) + i);
    }

    /// <summary>Counts down what was freed and gives its room to the host. The file has all tables by now.</summary>
    /// <exception cref="DiskImageException">Something that counts as free was freed.</exception>
    internal void ReleaseFreed()
    {
        var (holeStart, holeLength) = (0L, 0L);
        // By index: an image that turns out to be damaged halfway must not count down twice.
        for (var i = 0; i < _freed.Count; i++)
        {
            var (cluster, count) = _freed[i];
            _freed[i] = (cluster, 0);
            for (var end = cluster + count; cluster < end; cluster++)
            {
                if (!Release(cluster))
                    continue;
                if (holeStart + holeLength != cluster)
                {
                    Punch(holeStart, holeLength);
                    (holeStart, holeLength) = (cluster, 0);
                }
                holeLength++;
            }
        }
        _freed.Clear();
        Punch(holeStart, holeLength);
    }

    /// <summary>The clusters that compressed bytes lie in.</summary>
    internal static (long Offset, long Clusters) CompressedClusters(L2Entry entry, Qcow2Layout layout)
    {
        var start = entry.CompressedOffset(layout);
        var first = layout.ClusterOf(start);
        return (layout.OffsetOf(first), layout.ClusterOf(start + entry.CompressedLength(layout) - 1) - first + 1);
    }

    /// <summary>Counts a cluster down; says whether it is free now.</summary>
    private bool Release(long cluster)
    {
        var count = refcounts.Get(cluster);
        if (count == 0)
            throw Qcow2Damage.Found(file.Path, "a cluster in use counts as free");
        refcounts.Set(cluster, count - 1);
        if (count > 1)
            return false;
        metadata.Remove(layout.OffsetOf(cluster), layout.ClusterSize);
        _hint = Math.Min(_hint, cluster);
        return true;
    }

    private void Punch(long cluster, long count)
    {
        if (count > 0)
            file.TryPunch(layout.OffsetOf(cluster), layout.OffsetOf(count));
    }
}
