namespace Ringmaster.Backends.Disks.Qcow2.Format;

/// <summary>The sizes of an image's structures that follow from two fields of its header.</summary>
/// <param name="ClusterBits">The logarithm of a cluster's bytes: 9 to 21.</param>
/// <param name="RefcountOrder">The logarithm of a reference count's bits: 0 to 6.</param>
internal readonly record struct Qcow2Layout(int ClusterBits, int RefcountOrder)
{
    internal const int LeastClusterBits = 9, MostClusterBits = 21, MostRefcountOrder = 6;

    internal int ClusterSize => 1 << ClusterBits;

    /// <summary>Entries of an L2 table, which fills one cluster.</summary>
    internal int L2Entries => ClusterSize / sizeof(ulong);

    /// <summary>Bytes of the disk that one L2 table maps.</summary>
    internal long BytesPerL2 => (long)L2Entries << ClusterBits;

    internal int RefcountBits => 1 << RefcountOrder;

    /// <summary>Reference counts in a refcount block, which fills one cluster.</summary>
    internal int RefcountsPerBlock => (int)((long)ClusterSize * 8 >> RefcountOrder);

    /// <summary>The largest count that fits.</summary>
    internal ulong MostReferences => RefcountOrder == MostRefcountOrder ? ulong.MaxValue : (1UL << RefcountBits) - 1;

    internal long ClusterStart(long offset) => offset & -(long)ClusterSize;

    internal int InCluster(long offset) => (int)(offset & (ClusterSize - 1));

    internal bool IsAligned(long offset) => InCluster(offset) == 0;

    internal long ClusterOf(long offset) => offset >> ClusterBits;

    internal long OffsetOf(long cluster) => cluster << ClusterBits;

    internal long ClustersFor(long bytes) => (bytes >> ClusterBits) + (InCluster(bytes) == 0 ? 0 : 1);

    internal int L1Index(long offset) => (int)(offset / BytesPerL2);

    internal int L2Index(long offset) => (int)((offset >> ClusterBits) & (L2Entries - 1));

    /// <summary>L1 entries that a disk needs.</summary>
    internal long L1EntriesFor(long length) => length / BytesPerL2 + (length % BytesPerL2 == 0 ? 0 : 1);
}
