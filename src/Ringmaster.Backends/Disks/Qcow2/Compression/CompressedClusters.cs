using Ringmaster.Backends.Disks.Files;
using Ringmaster.Backends.Disks.Qcow2.Format;

namespace Ringmaster.Backends.Disks.Qcow2.Compression;

/// <summary>Reads compressed clusters. Those expanded last are kept, because a guest reads a cluster in many small pieces.</summary>
internal sealed class CompressedClusters(ImageFile file, Qcow2Layout layout, Qcow2Compression kind)
{
    private const int Kept = 4;

    private readonly Lock _lock = new();
    private readonly Queue<(ulong Entry, byte[] Cluster)> _kept = new();

    /// <summary>The content of a cluster, to be read only.</summary>
    /// <exception cref="DiskImageException">It cannot be expanded.</exception>
    internal byte[] Read(L2Entry entry)
    {
        lock (_lock)
        {
            foreach (var (value, known) in _kept)
            {
                if (value == entry.Value)
                    return known;
            }
        }
        var compressed = new byte[entry.CompressedLength(layout)];
        file.Read(entry.CompressedOffset(layout), compressed);
        var cluster = new byte[layout.ClusterSize];
        if (!ClusterCodec.TryExpand(kind, compressed, compressed.Length, cluster))
            throw Qcow2Damage.Found(file.Path, "a compressed cluster cannot be expanded");
        lock (_lock)
        {
            if (_kept.Count == Kept)
                _kept.Dequeue();
            _kept.Enqueue((entry.Value, cluster));
        }
        return cluster;
    }

    /// <summary>Forgets what was kept: the room of compressed clusters is about to be used for something else.</summary>
    internal void Forget()
    {
        lock (_lock)
            _kept.Clear();
    }
}
