namespace Ringmaster.Cpu.Models;

/// <summary>
/// The static answers of CPUID for one vCPU. Bits that follow the machine's state (OSXSAVE, OSPKE, the size of the XSAVE
/// area for the present XCR0, the APIC bit) are the engine's to fill in.
/// </summary>
public sealed class CpuidTable
{
    private readonly Dictionary<(uint Leaf, uint Subleaf), CpuidResult> _entries;
    private readonly HashSet<uint> _leavesWithSubleaves;

    /// <summary>Creates the table.</summary>
    /// <param name="entries">The answers. A leaf that has only subleaf 0 here ignores ECX.</param>
    public CpuidTable(IEnumerable<KeyValuePair<(uint Leaf, uint Subleaf), CpuidResult>> entries)
    {
        _entries = new(entries);
        _leavesWithSubleaves = [.. _entries.Keys.Where(k => k.Subleaf != 0).Select(k => k.Leaf)];
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
    public CpuidResult this[uint leaf, uint subleaf] =>
        _entries.GetValueOrDefault((leaf, _leavesWithSubleaves.Contains(leaf) ? subleaf : 0));

    /// <summary>Whether the table has a feature.</summary>
    public bool Has(CpuFeature feature)
    {
        ArgumentNullException.ThrowIfNull(feature);
        var result = this[feature.Leaf, feature.Subleaf];
        var register = feature.Register switch
        {
            CpuidRegister.Eax => result.Eax,
            CpuidRegister.Ebx => result.Ebx,
            CpuidRegister.Ecx => result.Ecx,
            _ => result.Edx,
        };
        return (register >> feature.Bit & 1) != 0;
    }
}
