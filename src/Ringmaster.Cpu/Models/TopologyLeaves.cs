namespace Ringmaster.Cpu.Models;

/// <summary>Where a vCPU stands among the others: leaves 1, 0xB, 0x1F, 8000_0008 and 8000_001E.</summary>
internal static class TopologyLeaves
{
    private const uint ThreadLevel = 1, CoreLevel = 2;

    public static void Add(CpuidEntries entries, CpuModel model, VcpuTopology topology, CpuFeatureSet features)
    {
        var id = topology.ApicId;
        var (machine, inPackage) = (topology.Machine, (uint)topology.Machine.CountInPackage);
        const uint multipleProcessors = 1 << 28;
        entries.Add(1, 0, new(0, id << 24 | Math.Min(inPackage, 255) << 16, 0, inPackage > 1 ? multipleProcessors : 0));

        foreach (var leaf in (ReadOnlySpan<uint>)[0xB, 0x1F])
        {
            if (entries[0, 0].Eax < leaf)
                continue;
            entries.Add(leaf, 0, new((uint)machine.ThreadBits, (uint)machine.Threads, ThreadLevel << 8, id));
            entries.Add(leaf, 1, new((uint)machine.PackageBits, inPackage, CoreLevel << 8 | 1, id));
        }
        if (!model.IsAmd)
            return;

        // Old software takes several cores for threads of one unless this bit is set (APM 3 E.4.2).
        const uint legacyMultiCore = 1 << 1;
        if (inPackage > 1)
            entries.Add(0x8000_0001, 0, new(0, 0, legacyMultiCore, 0));
        entries.Add(0x8000_0008, 0, new(0, 0, Math.Min(inPackage - 1, 255) | (uint)machine.PackageBits << 12, 0));
        // APM 3 E.4.16: the core and its threads; the node, of which each package is one.
        if (features.Contains("topoext"))
            entries.Add(0x8000_001E, 0, new(id, (uint)(machine.CoreOf(topology.Index) | (machine.Threads - 1) << 8), (uint)machine.SocketOf(topology.Index), 0));
    }
}
