using System.Collections.Frozen;

namespace Ringmaster.Cpu.Models;

/// <summary>The models there are: those of the data files, and <c>host</c>.</summary>
public static class CpuModelCatalog
{
    /// <summary>The name of the model that follows the host.</summary>
    public const string HostName = "host";

    private static readonly string[] Files =
        ["x86-64-v1.json", "x86-64-v2.json", "x86-64-v3.json", "Broadwell-Server.json", "EPYC-Milan.json"];

    private static readonly IReadOnlyList<CpuModel> Models = Load();

    private static readonly FrozenDictionary<string, CpuModel> ByName =
        Models.ToFrozenDictionary(m => m.Name, StringComparer.OrdinalIgnoreCase);

    /// <summary>All names, the neutral baselines first and <c>host</c> last.</summary>
    public static IReadOnlyList<string> Names { get; } = [.. Models.Select(m => m.Name), HostName];

    /// <summary>Finds a model; case does not matter. <c>host</c> is read from the processor at each call.</summary>
    /// <returns>Null if there is none.</returns>
    public static CpuModel? Find(string name)
    {
        ArgumentNullException.ThrowIfNull(name);
        return string.Equals(name, HostName, StringComparison.OrdinalIgnoreCase)
            ? HostCpu.ReadModel()
            : ByName.GetValueOrDefault(name);
    }

    /// <summary>The known name that is most like a mistyped one, or null.</summary>
    public static string? Suggest(string name) => NameSuggestion.Nearest(name, Names);

    private static List<CpuModel> Load()
    {
        var models = new List<CpuModel>();
        foreach (var resource in Files)
        {
            var file = ModelData.Read(resource, ModelJson.Default.ModelFile);
            var parent = file.BasedOn is { } name ? models.Single(m => m.Name == name) : null;
            models.Add(Create(file, parent));
        }
        return models;
    }

    private static CpuModel Create(ModelFile file, CpuModel? parent) => new()
    {
        Name = file.Name,
        Summary = file.Summary,
        Brand = file.Brand,
        Vendor = file.Vendor ?? parent?.Vendor ?? throw Missing(file, "vendor"),
        Family = file.Family ?? parent?.Family ?? throw Missing(file, "family"),
        Model = file.Model ?? parent?.Model ?? throw Missing(file, "model"),
        Stepping = file.Stepping ?? parent?.Stepping ?? throw Missing(file, "stepping"),
        PhysicalAddressBits = file.PhysicalAddressBits ?? parent?.PhysicalAddressBits ?? throw Missing(file, "physicalAddressBits"),
        LinearAddressBits = file.LinearAddressBits ?? parent?.LinearAddressBits ?? throw Missing(file, "linearAddressBits"),
        MaxBasicLeaf = file.MaxBasicLeaf ?? parent?.MaxBasicLeaf ?? throw Missing(file, "maxBasicLeaf"),
        MaxExtendedLeaf = file.MaxExtendedLeaf ?? parent?.MaxExtendedLeaf ?? throw Missing(file, "maxExtendedLeaf"),
        Microcode = file.Microcode ?? parent?.Microcode ?? throw Missing(file, "microcode"),
        Features = CpuFeatureSet.Of(file.Features ?? []).Union(parent?.Features ?? CpuFeatureSet.Empty),
        WhereSupported = CpuFeatureSet.Of(file.WhereSupported ?? []).Union(parent?.WhereSupported ?? CpuFeatureSet.Empty),
        Caches = file.Caches ?? parent?.Caches ?? throw Missing(file, "caches"),
        ExtraLeaves = file.ExtraLeaves?.ToFrozenDictionary(l => (l.Leaf, l.Subleaf), l => new CpuidResult(l.Eax, l.Ebx, l.Ecx, l.Edx))
            ?? parent?.ExtraLeaves ?? FrozenDictionary<(uint, uint), CpuidResult>.Empty,
    };

    private static InvalidOperationException Missing(ModelFile file, string property) =>
        new($"The CPU model '{file.Name}' has no {property}.");
}
