namespace Ringmaster.Backends.Disks;

/// <summary>What a check of an image found.</summary>
/// <param name="Leaks">Clusters that count more uses than they have: wasted room, and no danger.</param>
/// <param name="Corruptions">What endangers the disk's content.</param>
public sealed record ImageCheck(long Leaks, long Corruptions)
{
    /// <summary>How many of them were put right.</summary>
    public long Repaired { get; init; }

    /// <summary>How many of them are still there.</summary>
    public long Remaining { get; init; }

    /// <summary>The first of them, as sentences.</summary>
    public IReadOnlyList<string> Findings { get; init; } = [];

    /// <summary>Clusters with data of the disk as it is now.</summary>
    public long AllocatedClusters { get; init; }

    /// <summary>Those of them that are compressed.</summary>
    public long CompressedClusters { get; init; }

    /// <summary>Clusters of the whole disk.</summary>
    public long TotalClusters { get; init; }

    /// <summary>Bytes of a cluster.</summary>
    public int ClusterSize { get; init; }
}
