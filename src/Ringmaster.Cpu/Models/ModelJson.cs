using System.Text.Json.Serialization;

namespace Ringmaster.Cpu.Models;

/// <summary>Reads the data files without reflection.</summary>
[JsonSourceGenerationOptions(
    PropertyNamingPolicy = JsonKnownNamingPolicy.CamelCase,
    UseStringEnumConverter = true,
    UnmappedMemberHandling = JsonUnmappedMemberHandling.Disallow,
    Converters = [typeof(HexUInt32Converter), typeof(HexUInt64Converter)])]
[JsonSerializable(typeof(FeatureFile))]
[JsonSerializable(typeof(ModelFile))]
[JsonSerializable(typeof(MsrFile))]
internal sealed partial class ModelJson : JsonSerializerContext;

/// <summary><c>features.json</c>.</summary>
internal sealed record FeatureFile(
    IReadOnlyList<FeatureGroup> Groups,
    IReadOnlyDictionary<string, string> Automatic,
    IReadOnlyDictionary<string, string> Aliases,
    IReadOnlyDictionary<string, IReadOnlyList<string>> Needs);

/// <summary>The named bits of one register of one leaf.</summary>
internal sealed record FeatureGroup(uint Leaf, uint Subleaf, CpuidRegister Register, IReadOnlyDictionary<string, int> Bits);

/// <summary>One model. What is left out comes from the model that it is based on; feature lists add up.</summary>
internal sealed record ModelFile(
    string Name,
    string Summary,
    string Brand,
    string? BasedOn = null,
    string? Vendor = null,
    int? Family = null,
    int? Model = null,
    int? Stepping = null,
    int? PhysicalAddressBits = null,
    int? LinearAddressBits = null,
    uint? MaxBasicLeaf = null,
    uint? MaxExtendedLeaf = null,
    uint? Microcode = null,
    IReadOnlyList<string>? Features = null,
    IReadOnlyList<string>? WhereSupported = null,
    IReadOnlyList<CpuCache>? Caches = null,
    IReadOnlyList<LeafFile>? ExtraLeaves = null);

/// <summary>A leaf given in full.</summary>
internal sealed record LeafFile(uint Leaf, uint Subleaf, uint Eax, uint Ebx, uint Ecx, uint Edx);

/// <summary><c>msrs.json</c>.</summary>
internal sealed record MsrFile(IReadOnlyList<MsrEntry> Registers);

/// <summary>A register, or several at equal distances, that models of a vendor have.</summary>
internal sealed record MsrEntry(
    uint Index,
    string Name,
    MsrAccess Access,
    string Source,
    string? Vendor = null,
    IReadOnlyList<string>? NeedsAny = null,
    ulong Value = 0,
    MsrValueSource ValueFrom = MsrValueSource.Value,
    ulong Mask = 0,
    int Count = 1,
    int Stride = 1);

/// <summary>Where a register's value comes from.</summary>
internal enum MsrValueSource
{
    /// <summary>It stands in the entry.</summary>
    Value,

    /// <summary>The model's microcode revision, where the vendor has it: Intel in the upper half, AMD in the lower.</summary>
    Microcode,

    /// <summary>The chosen bits of IA32_ARCH_CAPABILITIES.</summary>
    ArchCapabilities,
}
