using System.Text;

namespace Ringmaster.Cpu.Models;

/// <summary>Puts together what CPUID returns on one vCPU.</summary>
internal sealed class CpuidTableBuilder(ResolvedCpu cpu, VcpuTopology topology, ClockRates clocks)
{
    // Bits 0-9, 12-17, 23 and 24 of leaf 1's EDX, which AMD repeats in leaf 8000_0001 (APM 3 E.4.2).
    private const uint AmdRepeatedBits = 0x0183_F3FF;

    private readonly CpuidEntries _entries = new();
    private readonly CpuModel _model = cpu.Model;

    public CpuidTable Build()
    {
        foreach (var ((leaf, subleaf), result) in _model.ExtraLeaves)
            _entries.Add(leaf, subleaf, result);
        foreach (var feature in cpu.Features.Where(f => f.Register != CpuidRegister.ArchCapabilities))
            _entries.Add(feature.Leaf, feature.Subleaf, feature.AsResult());

        AddIdentity();
        AddBrand();
        AddStructuredFeatures();
        AddMonitor();
        AddExtendedState();
        AddExtended();
        CacheLeaves.Add(_entries, _model, topology, cpu.Features.Contains("topoext"));
        TopologyLeaves.Add(_entries, _model, topology, cpu.Features);
        if (cpu.Features.Contains("hypervisor"))
            HypervisorLeaves.Add(_entries, cpu.Features, clocks);
        if (!_model.IsAmd)
            TimingLeaves.Add(_entries, MaxBasicLeaf, clocks);
        return _entries.ToTable();
    }

    private uint MaxBasicLeaf => Math.Max(_model.MaxBasicLeaf, MaxFeatureLeaf(0, 0x3FFF_FFFF));

    private uint MaxExtendedLeaf => Math.Max(_model.MaxExtendedLeaf, MaxFeatureLeaf(0x8000_0000, 0xFFFF_FFFF));

    private uint MaxFeatureLeaf(uint first, uint last) =>
        cpu.Features.Select(f => f.Leaf).Where(l => l >= first && l <= last).DefaultIfEmpty().Max();

    private void AddIdentity()
    {
        var vendor = Encoding.ASCII.GetBytes(_model.Vendor.PadRight(12));
        var (ebx, edx, ecx) = (Word(vendor, 0), Word(vendor, 4), Word(vendor, 8));
        _entries.Add(0, 0, new(MaxBasicLeaf, ebx, ecx, edx));
        _entries.Add(0x8000_0000, 0, _model.IsAmd ? new(MaxExtendedLeaf, ebx, ecx, edx) : new(MaxExtendedLeaf, 0, 0, 0));
        // CLFLUSH lines of 8 quadwords; the count and the APIC ID are the topology's.
        _entries.Add(1, 0, new(_model.Signature, 8 << 8, 0, 0));
        if (_model.IsAmd)
            _entries.Add(0x8000_0001, 0, new(_model.Signature, 0, 0, _entries[1, 0].Edx & AmdRepeatedBits));
    }

    private void AddBrand()
    {
        var brand = new byte[48];
        Encoding.Latin1.GetBytes(_model.Brand.AsSpan(0, Math.Min(47, _model.Brand.Length)), brand);
        for (var i = 0; i < 3; i++)
        {
            var at = i * 16;
            _entries.Add(0x8000_0002 + (uint)i, 0, new(Word(brand, at), Word(brand, at + 4), Word(brand, at + 8), Word(brand, at + 12)));
        }
    }

    private void AddStructuredFeatures()
    {
        var highest = cpu.Features.Where(f => f.Leaf == 7 && f.Register != CpuidRegister.ArchCapabilities)
            .Select(f => f.Subleaf).DefaultIfEmpty().Max();
        _entries.Add(7, 0, new(highest, 0, 0, 0));
    }

    // MONITOR watches whole cache lines, and interrupts end MWAIT even where IF is clear (SDM 2A CPUID leaf 5).
    private void AddMonitor()
    {
        if (cpu.Features.Contains("monitor"))
            _entries.Add(5, 0, new(64, 64, 3, 0));
    }

    private void AddExtendedState()
    {
        if (!cpu.Features.Contains("xsave"))
            return;
        var layout = cpu.Xsave;
        var mask = layout.Xcr0Mask;
        // EBX of both subleaves follows XCR0 and IA32_XSS; the table has the values for the state after reset.
        _entries.Add(0xD, 0, new((uint)mask, XsaveLayout.HeaderEnd, (uint)layout.StandardSize(mask), (uint)(mask >> 32)));
        if (cpu.Features.Contains("xsavec"))
        {
            var supervisor = cpu.Features.Contains("xsaves") ? layout.XssMask : 0;
            _entries.Add(0xD, 1, new(0, XsaveLayout.HeaderEnd, (uint)supervisor, (uint)(supervisor >> 32)));
        }
        foreach (var c in layout.Components.Where(c => !c.IsSupervisor || cpu.Features.Contains("xsaves")))
            _entries.Add(0xD, (uint)c.Number, new((uint)c.Size, (uint)c.Offset, (c.IsSupervisor ? 1u : 0) | (c.IsAligned ? 2u : 0), 0));
    }

    private void AddExtended()
    {
        _entries.Add(0x8000_0008, 0, new((uint)cpu.PhysicalAddressBits | (uint)cpu.LinearAddressBits << 8, 0, 0, 0));
        // SVM revision 1 with 32768 address space identifiers (APM 3 E.4.9).
        if (cpu.Features.Contains("svm"))
            _entries.Add(0x8000_000A, 0, new(1, 0x8000, 0, 0));
    }

    private static uint Word(byte[] bytes, int at) => BitConverter.ToUInt32(bytes, at);
}
