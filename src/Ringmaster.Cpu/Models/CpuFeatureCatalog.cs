using System.Collections.Frozen;

namespace Ringmaster.Cpu.Models;

/// <summary>All features that have a name here, from <c>Data/features.json</c>.</summary>
public static class CpuFeatureCatalog
{
    private static readonly FrozenDictionary<string, CpuFeature> ByKey = Load(out Features);

    // Assigned by Load, which runs as ByKey's initialiser.
    private static readonly IReadOnlyList<CpuFeature> Features;

    /// <summary>Every feature, by leaf, register and bit.</summary>
    public static IReadOnlyList<CpuFeature> All => Features;

    /// <summary>Finds a feature by its name or another usual spelling; case, <c>-</c>, <c>_</c> and <c>.</c> do not matter.</summary>
    /// <returns>Null if there is none.</returns>
    public static CpuFeature? Find(string name)
    {
        ArgumentNullException.ThrowIfNull(name);
        return ByKey.GetValueOrDefault(Key(name));
    }

    /// <summary>Finds a feature that the program itself names.</summary>
    /// <exception cref="ArgumentException">There is none.</exception>
    public static CpuFeature Get(string name) =>
        Find(name) ?? throw new ArgumentException($"There is no CPU feature '{name}'.", nameof(name));

    /// <summary>The known name that is most like a mistyped one, or null.</summary>
    public static string? Suggest(string name) => NameSuggestion.Nearest(name, Features.Select(f => f.Name));

    private static string Key(string name) =>
        string.Concat(name.Where(c => c is not ('-' or '_' or '.' or ' '))).ToLowerInvariant();

    private static FrozenDictionary<string, CpuFeature> Load(out IReadOnlyList<CpuFeature> features)
    {
        var file = ModelData.Read("features.json", ModelJson.Default.FeatureFile);
        var all = new List<CpuFeature>();
        foreach (var group in file.Groups)
        {
            foreach (var (name, bit) in group.Bits.OrderBy(b => b.Value))
            {
                all.Add(new CpuFeature(name, group.Leaf, group.Subleaf, group.Register, bit)
                {
                    Needs = file.Needs.GetValueOrDefault(name) ?? [],
                    Automatic = file.Automatic.GetValueOrDefault(name),
                });
            }
        }
        features = all.AsReadOnly();
        var byKey = all.ToDictionary(f => Key(f.Name));
        foreach (var (alias, name) in file.Aliases)
            byKey.TryAdd(Key(alias), byKey[Key(name)]);
        return byKey.ToFrozenDictionary();
    }
}
