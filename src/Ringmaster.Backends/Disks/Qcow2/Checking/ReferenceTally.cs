namespace Ringmaster.Backends.Disks.Qcow2.Checking;

/// <summary>Counts references to clusters; takes memory only near those that have some.</summary>
internal sealed class ReferenceTally(string path)
{
    private const int PageBits = 10, MostPages = 512 * 1024;

    private readonly Dictionary<long, uint[]> _pages = [];

    /// <summary>All clusters that have references, with their number, in order.</summary>
    internal IEnumerable<(long Cluster, uint Count)> All =>
        from page in _pages.OrderBy(p => p.Key)
        from entry in page.Value.Index()
        where entry.Item > 0
        select ((page.Key << PageBits) + entry.Index, entry.Item);

    internal uint this[long cluster] =>
        _pages.TryGetValue(cluster >> PageBits, out var page) ? page[cluster & ((1 << PageBits) - 1)] : 0;

    /// <exception cref="DiskImageException">The references are so many, or so scattered, that memory would run out.</exception>
    internal void Add(long cluster)
    {
        if (!_pages.TryGetValue(cluster >> PageBits, out var page))
        {
            if (_pages.Count == MostPages)
                throw new DiskImageException($"{path} is too large to be checked. Convert it with larger clusters.");
            _pages.Add(cluster >> PageBits, page = new uint[1 << PageBits]);
        }
        ref var count = ref page[cluster & ((1 << PageBits) - 1)];
        if (count < uint.MaxValue)
            count++;
    }
}
