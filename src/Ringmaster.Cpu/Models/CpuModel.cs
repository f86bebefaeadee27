namespace Ringmaster.Cpu.Models;

/// <summary>What a kind of processor is, before an engine has been asked whether it can be that.</summary>
public sealed record CpuModel
{
    /// <summary>The name that users choose it by.</summary>
    public required string Name { get; init; }

    /// <summary>One sentence for lists.</summary>
    public required string Summary { get; init; }

    /// <summary>The twelve characters of CPUID leaf 0.</summary>
    public required string Vendor { get; init; }

    /// <summary>Display family, extended part included.</summary>
    public required int Family { get; init; }

    /// <summary>Display model, extended part included.</summary>
    public required int Model { get; init; }

    /// <summary>Stepping, 0 to 15.</summary>
    public required int Stepping { get; init; }

    /// <summary>The brand string, at most 47 characters.</summary>
    public required string Brand { get; init; }

    /// <summary>Bits of a physical address; an engine that has fewer lowers it.</summary>
    public required int PhysicalAddressBits { get; init; }

    /// <summary>Bits of a linear address without la57.</summary>
    public required int LinearAddressBits { get; init; }

    /// <summary>Highest basic leaf, unless a chosen feature stands in a higher one.</summary>
    public required uint MaxBasicLeaf { get; init; }

    /// <summary>Highest extended leaf, unless a chosen feature stands in a higher one.</summary>
    public required uint MaxExtendedLeaf { get; init; }

    /// <summary>The microcode revision that the processor reports.</summary>
    public required uint Microcode { get; init; }

    /// <summary>The features that make the model: an engine that lacks one is refused.</summary>
    public required CpuFeatureSet Features { get; init; }

    /// <summary>
    /// Features that are given where the engine has them and left out elsewhere: speculation controls, and promises that a
    /// vulnerability does not exist, which only an engine for which they are true may make.
    /// </summary>
    public required CpuFeatureSet WhereSupported { get; init; }

    /// <summary>The caches that CPUID describes.</summary>
    public required IReadOnlyList<CpuCache> Caches { get; init; }

    /// <summary>Leaves given in full (TLB and cache descriptors); they are merged with the computed ones.</summary>
    public required IReadOnlyDictionary<(uint Leaf, uint Subleaf), CpuidResult> ExtraLeaves { get; init; }

    /// <summary>The model takes what the host and the engine give, instead of insisting.</summary>
    public bool IsHost { get; init; }

    /// <summary>AMD's rules apply (or Hygon's, which are the same).</summary>
    public bool IsAmd => IsOfAmd(Vendor);

    /// <summary>Whether a vendor's processors are AMD's or built like them.</summary>
    internal static bool IsOfAmd(string vendor) => vendor is "AuthenticAMD" or "HygonGenuine";

    /// <summary>Intel's rules apply.</summary>
    public bool IsIntel => Vendor == "GenuineIntel";

    /// <summary>Leaf 1's EAX, and EDX after reset (SDM 2A figure 3-6).</summary>
    public uint Signature
    {
        get
        {
            var family = (uint)Math.Min(Family, 15);
            var extendedFamily = (uint)Family - family;
            return extendedFamily << 20 | (uint)(Model >> 4) << 16 | family << 8 | (uint)(Model & 15) << 4 | (uint)Stepping;
        }
    }
}
