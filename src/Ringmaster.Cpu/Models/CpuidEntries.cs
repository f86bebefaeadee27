namespace Ringmaster.Cpu.Models;

/// <summary>A CPUID table in the making: bits from several sources come together in one leaf.</summary>
internal sealed class CpuidEntries
{
    private readonly Dictionary<(uint Leaf, uint Subleaf), CpuidResult> _entries = [];

    public CpuidResult this[uint leaf, uint subleaf] => _entries.GetValueOrDefault((leaf, subleaf));

    public void Add(uint leaf, uint subleaf, CpuidResult bits)
    {
        var old = this[leaf, subleaf];
        _entries[(leaf, subleaf)] = new(old.Eax | bits.Eax, old.Ebx | bits.Ebx, old.Ecx | bits.Ecx, old.Edx | bits.Edx);
    }

    public CpuidTable ToTable() => new(_entries);
}
