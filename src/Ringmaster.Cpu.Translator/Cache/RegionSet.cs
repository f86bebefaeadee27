using System.Diagnostics.CodeAnalysis;

namespace Ringmaster.Cpu.Translator.Cache;

/// <summary>
/// Regions that are found by their keys: a hash table without chains. Most searches find nothing, and end at a hash. The keys are in the
/// regions; a table of its own would take as much again.
/// </summary>
/// <param name="isAnywhere">By <see cref="RegionKey.Anywhere"/>, so that there is one for the same code wherever it is mapped.</param>
internal sealed class RegionSet(bool isAnywhere)
{
    private const int LeastBits = 12;

    // Hashes are never 0; 0 is an empty place. What does not find its own place free is in one of the next.
    private uint[] _hashes = new uint[1 << LeastBits];
    private Region?[] _regions = new Region?[1 << LeastBits];
    private int _bits = LeastBits;

    /// <summary>How many there are.</summary>
    public int Count { get; private set; }

    /// <summary>Finds the region with a key.</summary>
    public bool TryFind(RegionKey key, [NotNullWhen(true)] out Region? region)
    {
        region = _regions[PlaceOf(key)];
        return region is not null;
    }

    /// <summary>Adds a region, in place of one with the same key.</summary>
    public void Put(Region region)
    {
        if (Count >= _hashes.Length / 4 * 3)
            Grow();
        var at = PlaceOf(region.Key);
        Count += _hashes[at] == 0 ? 1 : 0;
        (_hashes[at], _regions[at]) = (HashOf(region.Key), region);
    }

    /// <summary>Takes a region out; another one with the same key stays.</summary>
    public void Remove(Region region)
    {
        var at = PlaceOf(region.Key);
        if (_regions[at] != region)
            return;
        Count--;
        // Those behind it that would not be found any more move up.
        for (var other = Next(at); _hashes[other] != 0; other = Next(other))
        {
            var home = HomeOf(_hashes[other]);
            if ((other - home & _hashes.Length - 1) < (other - at & _hashes.Length - 1))
                continue;
            (_hashes[at], _regions[at]) = (_hashes[other], _regions[other]);
            at = other;
        }
        (_hashes[at], _regions[at]) = (0, null);
    }

    /// <summary>Takes out all.</summary>
    public void Clear()
    {
        Array.Clear(_hashes);
        Array.Clear(_regions);
        Count = 0;
    }

    /// <summary>Where the region with a key is, or the empty place where it would be.</summary>
    private int PlaceOf(RegionKey key)
    {
        var hash = HashOf(key);
        var at = HomeOf(hash);
        while (_hashes[at] != 0 && (_hashes[at] != hash || !IsSame(_regions[at]!.Key, key)))
            at = Next(at);
        return at;
    }

    private bool IsSame(in RegionKey one, in RegionKey other) =>
        one.Physical == other.Physical && (isAnywhere || one.Linear == other.Linear) && one.Context == other.Context && one.IsUngrouped == other.IsUngrouped;

    private uint HashOf(in RegionKey key)
    {
        // The golden ratio's bits spread keys that lie close together (Knuth, volume 3, section 6.4).
        var number = (key.Physical ^ (isAnywhere ? 0 : key.Linear * 0xC2B2_AE3D_27D4_EB4F) ^ (ulong)(key.Context << 1 | (key.IsUngrouped ? 1 : 0)) << 56) * 0x9E37_79B9_7F4A_7C15;
        return (uint)(number >> 32) | 1;
    }

    private int HomeOf(uint hash) => (int)(hash >> 32 - _bits);

    private int Next(int at) => at + 1 & _hashes.Length - 1;

    private void Grow()
    {
        var old = _regions;
        _bits++;
        (_hashes, _regions, Count) = (new uint[1 << _bits], new Region?[1 << _bits], 0);
        foreach (var region in old)
        {
            if (region is not null)
                Put(region);
        }
    }
}
