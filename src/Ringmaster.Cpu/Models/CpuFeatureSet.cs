using System.Collections;
using System.Collections.Frozen;

namespace Ringmaster.Cpu.Models;

/// <summary>An immutable set of features.</summary>
public sealed class CpuFeatureSet : IReadOnlyCollection<CpuFeature>
{
    private readonly FrozenSet<CpuFeature> _features;
    private readonly FrozenSet<string> _names;

    /// <summary>Creates the set.</summary>
    public CpuFeatureSet(IEnumerable<CpuFeature> features)
    {
        _features = features.ToFrozenSet();
        _names = _features.Select(f => f.Name).ToFrozenSet();
    }

    /// <summary>No feature.</summary>
    public static CpuFeatureSet Empty { get; } = new([]);

    /// <summary>Every feature that has a name.</summary>
    public static CpuFeatureSet Everything { get; } = new(CpuFeatureCatalog.All);

    /// <inheritdoc/>
    public int Count => _features.Count;

    /// <summary>The bits of IA32_ARCH_CAPABILITIES.</summary>
    public ulong ArchCapabilities =>
        _features.Where(f => f.Register == CpuidRegister.ArchCapabilities).Aggregate(0UL, (bits, f) => bits | 1UL << f.Bit);

    /// <summary>A set of named features.</summary>
    /// <exception cref="ArgumentException">A name is unknown.</exception>
    public static CpuFeatureSet Of(params IEnumerable<string> names) => new(names.Select(CpuFeatureCatalog.Get));

    /// <summary>The features that a CPUID source reports; those of IA32_ARCH_CAPABILITIES from the register's value.</summary>
    /// <param name="cpuid">CPUID: leaf and subleaf to result. It is asked within the ranges that it reports only.</param>
    /// <param name="archCapabilities">IA32_ARCH_CAPABILITIES, or 0 if it cannot be read.</param>
    public static CpuFeatureSet FromCpuid(Func<uint, uint, CpuidResult> cpuid, ulong archCapabilities = 0)
    {
        ArgumentNullException.ThrowIfNull(cpuid);
        var source = new BoundedCpuid(cpuid);
        return new(CpuFeatureCatalog.All.Where(f => f.Register == CpuidRegister.ArchCapabilities
            ? (archCapabilities >> f.Bit & 1) != 0
            : f.IsIn(source[f.Leaf, f.Subleaf])));
    }

    /// <summary>Whether the feature is in the set.</summary>
    public bool Contains(CpuFeature feature) => _features.Contains(feature);

    /// <summary>Whether the feature of this exact name is in the set.</summary>
    public bool Contains(string name) => _names.Contains(name);

    /// <summary>The features of both sets.</summary>
    public CpuFeatureSet Union(IEnumerable<CpuFeature> other) => new(_features.Concat(other));

    /// <summary>The features of this set that are not in the other.</summary>
    public CpuFeatureSet Except(IEnumerable<CpuFeature> other) => new(_features.Except(other));

    /// <summary>The features that are in both sets.</summary>
    public CpuFeatureSet Intersect(CpuFeatureSet other) => new(_features.Where(other.Contains));

    /// <summary>Each feature with a feature that it needs and the set lacks.</summary>
    public IEnumerable<(CpuFeature Feature, string Missing)> UnmetNeeds() =>
        from feature in this
        from need in feature.Needs
        where !Contains(need)
        select (feature, need);

    /// <summary>The largest subset in which every need is met.</summary>
    public CpuFeatureSet WithoutUnmetNeeds()
    {
        var set = this;
        while (set.UnmetNeeds().Select(u => u.Feature).ToHashSet() is { Count: > 0 } unmet)
            set = set.Except(unmet);
        return set;
    }

    /// <summary>This set without the given features and without all that need them, directly or not.</summary>
    public CpuFeatureSet Without(IEnumerable<CpuFeature> removed)
    {
        var gone = removed.ToHashSet();
        var names = gone.Select(f => f.Name).ToHashSet();
        bool grew;
        do
        {
            grew = false;
            foreach (var feature in _features.Where(f => f.Needs.Any(names.Contains)))
                grew |= gone.Add(feature) && names.Add(feature.Name);
        }
        while (grew);
        return Except(gone);
    }

    /// <summary>In the order of leaf, register and bit, so that messages and tests are stable.</summary>
    public IEnumerator<CpuFeature> GetEnumerator() =>
        _features.OrderBy(f => f.Register == CpuidRegister.ArchCapabilities)
            .ThenBy(f => f.Leaf).ThenBy(f => f.Subleaf).ThenBy(f => f.Register).ThenBy(f => f.Bit).GetEnumerator();

    IEnumerator IEnumerable.GetEnumerator() => GetEnumerator();
}
