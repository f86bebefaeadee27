namespace Ringmaster.Cpu.Models;

/// <summary>Leaves that describe caches: 4, 8000_0005, 8000_0006 and 8000_001D.</summary>
internal static class CacheLeaves
{
    public static void Add(CpuidEntries entries, CpuModel model, VcpuTopology topology, bool hasAmdTopology)
    {
        for (var i = 0; i < model.Caches.Count; i++)
        {
            if (!model.IsAmd)
                entries.Add(4, (uint)i, Deterministic(model.Caches[i], topology, IntelCoreField(topology)));
            else if (hasAmdTopology)
                entries.Add(0x8000_001D, (uint)i, Deterministic(model.Caches[i], topology, 0));
        }
        AddLegacy(entries, model);
    }

    // SDM 2A CPUID leaf 4 and APM 3 E.4.15; they differ only in the number of cores, which AMD keeps elsewhere.
    private static CpuidResult Deterministic(CpuCache cache, VcpuTopology topology, uint cores)
    {
        var sharing = Math.Min((1u << (cache.SharedByPackage ? topology.Machine.PackageBits : topology.Machine.ThreadBits)) - 1, 0xFFF);
        const uint selfInitializing = 1 << 8;
        var eax = (uint)cache.Kind | (uint)cache.Level << 5 | selfInitializing | sharing << 14 | cores;
        return new(eax, (uint)(cache.Ways - 1) << 22 | (uint)(cache.LineBytes - 1), (uint)(cache.Sets - 1), 0);
    }

    private static uint IntelCoreField(VcpuTopology topology) =>
        Math.Min((1u << (topology.Machine.PackageBits - topology.Machine.ThreadBits)) - 1, 63) << 26;

    // APM 3 E.4.4 and E.4.5; Intel has only the second level here.
    private static void AddLegacy(CpuidEntries entries, CpuModel model)
    {
        uint data = 0, code = 0, second = 0, third = 0;
        foreach (var cache in model.Caches)
        {
            var tail = 1u << 8 | (uint)cache.LineBytes;
            switch (cache.Level, cache.Kind)
            {
                case (1, CpuCacheKind.Data):
                    data = (uint)cache.Kilobytes << 24 | (uint)cache.Ways << 16 | tail;
                    break;
                case (1, CpuCacheKind.Instruction):
                    code = (uint)cache.Kilobytes << 24 | (uint)cache.Ways << 16 | tail;
                    break;
                case (2, _):
                    second = (uint)Math.Min(cache.Kilobytes, 0xFFFF) << 16 | Associativity(cache.Ways) << 12 | tail;
                    break;
                case (3, _):
                    third = (uint)(cache.Kilobytes / 512) << 18 | Associativity(cache.Ways) << 12 | tail;
                    break;
            }
        }
        if (model.IsAmd)
        {
            entries.Add(0x8000_0005, 0, new(0, 0, data, code));
            entries.Add(0x8000_0006, 0, new(0, 0, second, third));
        }
        else
        {
            entries.Add(0x8000_0006, 0, new(0, 0, second & 0xFFFF_F0FF, 0));
        }
    }

    private static uint Associativity(int ways) => ways switch
    {
        1 or 2 or 4 => (uint)ways,
        8 => 6,
        16 => 8,
        32 => 10,
        48 => 11,
        64 => 12,
        96 => 13,
        128 => 14,
        _ => 9, // "see leaf 8000_001D"
    };
}
