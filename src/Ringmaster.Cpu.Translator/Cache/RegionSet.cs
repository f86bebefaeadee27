using Ringmaster.Cpu.Interpreter.Decoding;

namespace Ringmaster.Cpu.Translator.Cache;

/// <summary>Regions that are found by their keys.</summary>
/// <param name="isAnywhere">By <see cref="RegionKey.Anywhere"/>, so that there is one for the same code wherever it is mapped.</param>
internal sealed class RegionSet(bool isAnywhere)
{
    private readonly ProbedTable<RegionKey, Region, Rules> _regions = new(new Rules(isAnywhere));

    /// <summary>How many there are.</summary>
    public int Count => _regions.Count;

    /// <summary>The region with a key, or null.</summary>
    public Region? Find(RegionKey key) => _regions.Find(key);

    /// <summary>Adds a region, in place of one with the same key.</summary>
    public void Put(Region region) => _regions.Put(region);

    /// <summary>Takes a region out; another one with the same key stays.</summary>
    public void Remove(Region region) => _regions.Remove(region);

    /// <summary>Takes out all.</summary>
    public void Clear() => _regions.Clear();

    private readonly struct Rules(bool isAnywhere) : IProbedRules<RegionKey, Region>
    {
        public RegionKey KeyOf(Region value) => value.Key;

        public ulong NumberOf(RegionKey key) =>
            key.Physical ^ (isAnywhere ? 0 : key.Linear * 0xC2B2_AE3D_27D4_EB4F) ^ (ulong)(key.Context << 1 | (key.IsUngrouped ? 1 : 0)) << 56;

        public bool AreSame(RegionKey one, RegionKey other) =>
            one.Physical == other.Physical && (isAnywhere || one.Linear == other.Linear) && one.Context == other.Context && one.IsUngrouped == other.IsUngrouped;
    }
}
