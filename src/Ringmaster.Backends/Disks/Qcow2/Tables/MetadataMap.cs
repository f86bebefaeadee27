using Ringmaster.Backends.Disks.Qcow2.Format;

namespace Ringmaster.Backends.Disks.Qcow2.Tables;

/// <summary>
/// Which clusters of the file hold the image's own structures. An image whose tables are damaged may say that such a cluster is
/// free or holds guest data; writing it would destroy the rest.
/// </summary>
internal sealed class MetadataMap(Qcow2Layout layout)
{
    private readonly HashSet<long> _clusters = [];

    internal void Add(long offset, long length)
    {
        var end = layout.ClusterOf(offset) + layout.ClustersFor(layout.InCluster(offset) + length);
        for (var cluster = layout.ClusterOf(offset); cluster < end; cluster++)
            _clusters.Add(cluster);
    }

    internal void Remove(long offset, long length)
    {
        for (var cluster = layout.ClusterOf(offset); cluster < layout.ClusterOf(offset) + layout.ClustersFor(length); cluster++)
            _clusters.Remove(cluster);
    }

    internal bool Contains(long cluster) => _clusters.Contains(cluster);

    /// <summary>Whether a run of bytes touches such a cluster.</summary>
    internal bool Touches(long offset, long length)
    {
        for (var cluster = layout.ClusterOf(offset); cluster <= layout.ClusterOf(offset + length - 1); cluster++)
        {
            if (_clusters.Contains(cluster))
                return true;
        }
        return false;
    }
}
