namespace Ringmaster.Cpu.Models;

/// <summary>Where a vCPU stands among the others: leaves 1, 0xB, 0x1F, 8000_0008 and 8000_001E.</summary>
internal static class TopologyLeaves
{
    private const uint ThreadLevel = 1, CoreLevel = 2;

    public static void Add(CpuidEntries entries, CpuModel model, VcpuTopology topology, CpuFeatureSet features)
    {
        var id = (uint)topology.Index.Value;
        var count = (uint)topology.Count;
        const uint multipleProcessors = 1 << 28;
        entries.Add(1, 0, new(0, id << 24 | Math.Min(count, 255) << 16, 0, count > 1 ? multipleProcessors : 0));

        foreach (var leaf in (ReadOnlySpan<uint>)[0xB, 0x1F])
        {
            if (entries[0, 0].Eax < leaf)
                continue;
            entries.Add(leaf, 0, new(0, 1, ThreadLevel << 8, id));
            entries.Add(leaf, 1, new((uint)topology.CoreBits, count, CoreLevel << 8 | 1, id));
        }
        if (!model.IsAmd)
            return;

        // Cores that are not threads of one core are announced as in multi-core parts of old (APM 3 E.4.2, E.4.7).
        const uint legacyMultiCore = 1 << 1;
        if (count > 1)
            entries.Add(0x8000_0001, 0, new(0, 0, legacyMultiCore, 0));
        entries.Add(0x8000_0008, 0, new(0, 0, Math.Min(count - 1, 255) | (uint)topology.CoreBits << 12, 0));
        if (features.Contains("topoext"))
            entries.Add(0x8000_001E, 0, new(id, id & 255, 0, 0));
    }
}
