namespace Ringmaster.Cpu.Models;

/// <summary>
/// The static answers of CPUID for one vCPU. Bits that follow the machine's state (OSXSAVE, OSPKE, the size of the XSAVE
/// area for the present XCR0, the APIC bit) are the engine's to fill in.
/// </summary>
public sealed class CpuidTable
{
    private readonly Dictionary<(uint Leaf, uint Subleaf), CpuidResult> _entries;

    /// <summary>Creates the table.</summary>
    /// <param name="entries">The answers that are not zero.</param>
    public CpuidTable(IEnumerable<KeyValuePair<(uint Leaf, uint Subleaf), CpuidResult>> entries)
    {
        _entries = new(entries);
        MaxBasicLeaf = _entries.TryGetValue((0, 0), out var basic) ? basic.Eax : 0;
        MaxExtendedLeaf = _entries.TryGetValue((0x8000_0000, 0), out var extended) ? extended.Eax : 0;
    }

    /// <summary>Highest basic leaf.</summary>
    public uint MaxBasicLeaf { get; }

    /// <summary>Highest extended leaf, 8000_xxxx.</summary>
    public uint MaxExtendedLeaf { get; }

    /// <summary>All answers that differ from zero.</summary>
    public IReadOnlyDictionary<(uint Leaf, uint Subleaf), CpuidResult> Entries => _entries;

    /// <summary>
    /// What CPUID returns. A leaf above the highest basic one returns the highest basic leaf on Intel and zeros on AMD; zeros
    /// here, as hypervisors do (SDM 2A CPUID; APM 3 E.1).
    /// </summary>
    /// <remarks>
    /// Past their last level the topology leaves still return the subleaf and the x2APIC ID (SDM 2A CPUID leaf 0BH).
    /// </remarks>
    public CpuidResult this[uint leaf, uint subleaf]
    {
        get
        {
            if (_entries.TryGetValue((leaf, ReadsEcx(leaf) ? subleaf : 0), out var result))
                return result;
            return leaf is 0xB or 0x1F && _entries.TryGetValue((leaf, 0), out var first)
                ? new(0, 0, subleaf & 0xFF, first.Edx)
                : default;
        }
    }

    /// <summary>Whether the vendor is AMD: "AuthenticAMD", of which EBX has the first four letters (APM 3 E.3.1).</summary>
    public bool IsAmd => this[0, 0].Ebx == 0x6874_7541;

    /// <summary>Whether a leaf's answer depends on ECX (SDM 2A CPUID; APM 3 E.3 and E.4).</summary>
    public static bool ReadsEcx(uint leaf) => leaf is 4 or 7 or 0xB or 0xD or 0xF or 0x10 or 0x12 or 0x14 or 0x17 or 0x18 or 0x1A or 0x1B
        or 0x1D or 0x1E or 0x1F or 0x20 or 0x23 or 0x24 or 0x8000_001D or 0x8000_0020 or 0x8000_0026;

    /// <summary>Whether the table has a feature; never so for those of IA32_ARCH_CAPABILITIES, which is not CPUID's.</summary>
    public bool Has(CpuFeature feature)
    {
        ArgumentNullException.ThrowIfNull(feature);
        // Two hypervisors' interfaces share their leaves.
        return (feature.Paravirtual is not { } known || known == HypervisorLeaves.InterfaceOf(this))
            && feature.IsIn(this[feature.Leaf, feature.Subleaf]);
    }
}
