using System.Diagnostics.CodeAnalysis;

namespace Ringmaster.Cpu.Translator.Cache;

/// <summary>Regions that are found by their keys. The keys are in the regions; a table of its own would take as much again.</summary>
/// <param name="isAnywhere">By <see cref="RegionKey.Anywhere"/>, so that there is one for the same code wherever it is mapped.</param>
internal sealed class RegionSet(bool isAnywhere)
{
    private readonly HashSet<Region> _regions = new(new Comparer(isAnywhere));

    /// <summary>How many there are.</summary>
    public int Count => _regions.Count;

    /// <summary>Finds the region with a key.</summary>
    public bool TryFind(RegionKey key, [NotNullWhen(true)] out Region? region) =>
        _regions.GetAlternateLookup<RegionKey>().TryGetValue(key, out region);

    /// <summary>Adds a region, in place of one with the same key.</summary>
    public void Put(Region region)
    {
        if (_regions.Add(region))
            return;
        _regions.Remove(region);
        _regions.Add(region);
    }

    /// <summary>Takes a region out; another one with the same key stays.</summary>
    public void Remove(Region region)
    {
        if (TryFind(region.Key, out var found) && found == region)
            _regions.Remove(region);
    }

    /// <summary>Takes out all.</summary>
    public void Clear() => _regions.Clear();

    private sealed class Comparer(bool isAnywhere) : IEqualityComparer<Region>, IAlternateEqualityComparer<RegionKey, Region>
    {
        public bool Equals(Region? x, Region? y) => ReferenceEquals(x, y) || (x is not null && y is not null && Equals(x.Key, y));

        public bool Equals(RegionKey alternate, Region other) => KeyOf(alternate) == KeyOf(other.Key);

        public int GetHashCode(Region obj) => GetHashCode(obj.Key);

        public int GetHashCode(RegionKey alternate) => KeyOf(alternate).GetHashCode();

        Region IAlternateEqualityComparer<RegionKey, Region>.Create(RegionKey alternate) =>
            throw new InvalidOperationException("A key alone makes no region.");

        private RegionKey KeyOf(RegionKey key) => isAnywhere ? key.Anywhere : key;
    }
}
