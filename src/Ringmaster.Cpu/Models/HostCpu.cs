using System.Runtime.Intrinsics.X86;
using System.Text;

namespace Ringmaster.Cpu.Models;

/// <summary>The processor that the program runs on, as CPUID shows it to user mode.</summary>
public static class HostCpu
{
    /// <summary>Features that a virtual machine can have on any host, because the machine itself provides them.</summary>
    private static readonly string[] Provided = ["hypervisor", "x2apic", "tsc-deadline", "tsc-adjust", "arat", "arch-capabilities"];

    /// <summary>Executes CPUID on the core that the calling thread happens to be on.</summary>
    /// <returns>Zeros on a host that is not x86.</returns>
    public static CpuidResult Cpuid(uint leaf, uint subleaf)
    {
        if (!X86Base.IsSupported)
            return default;
        var (eax, ebx, ecx, edx) = X86Base.CpuId(unchecked((int)leaf), unchecked((int)subleaf));
        return new((uint)eax, (uint)ebx, (uint)ecx, (uint)edx);
    }

    /// <summary>Whether it is a processor of AMD's or built like one; asks it for one leaf, where <see cref="ReadModel"/> asks for all.</summary>
    public static bool IsAmd => CpuModel.IsOfAmd(Vendor);

    private static string Vendor
    {
        get
        {
            var leaf = Cpuid(0, 0);
            return Text(leaf.Ebx, leaf.Edx, leaf.Ecx);
        }
    }

    /// <summary>The <c>host</c> model: all that the host has and what the machine provides, for an engine to choose from.</summary>
    public static CpuModel ReadModel()
    {
        var cpuid = new BoundedCpuid(Cpuid);
        var signature = cpuid[1, 0].Eax;
        var sizes = cpuid[0x8000_0008, 0].Eax;
        var features = CpuFeatureSet.FromCpuid(Cpuid);
        var vendor = Vendor;
        var baseline = CpuModelCatalog.Find(CpuModel.IsOfAmd(vendor) ? "EPYC-Milan" : "x86-64-v3")!;
        var family = (int)(signature >> 8 & 15);
        return baseline with
        {
            Name = CpuModelCatalog.HostName,
            Summary = "What this host and the engine have; no migration to lesser hosts.",
            Vendor = vendor,
            Family = family == 15 ? family + (int)(signature >> 20 & 255) : family,
            Model = (int)(signature >> 4 & 15 | (family is 6 or 15 ? signature >> 12 & 0xF0 : 0)),
            Stepping = (int)(signature & 15),
            Brand = ReadBrand(cpuid),
            PhysicalAddressBits = (int)(sizes & 255) is var physical and > 0 ? physical : 36,
            LinearAddressBits = 48,
            Features = new(features.Union(CpuFeatureSet.Of(Provided)).Where(f => f.Automatic is null && f.Paravirtual is null)),
            Caches = ReadCaches(cpuid, features) is { Count: > 0 } caches ? caches : baseline.Caches,
            IsHost = true,
        };
    }

    private static string ReadBrand(BoundedCpuid cpuid)
    {
        var brand = new StringBuilder();
        for (var leaf = 0x8000_0002u; leaf <= 0x8000_0004; leaf++)
        {
            var part = cpuid[leaf, 0];
            brand.Append(Text(part.Eax, part.Ebx, part.Ecx, part.Edx));
        }
        // Spaces are part of it.
        return brand.ToString().TrimEnd('\0');
    }

    private static List<CpuCache> ReadCaches(BoundedCpuid cpuid, CpuFeatureSet features)
    {
        var leaf = features.Contains("topoext") ? 0x8000_001D : 4u;
        var caches = new List<CpuCache>();
        for (var i = 0u; i < 8 && cpuid[leaf, i] is var cache && (cache.Eax & 31) is >= 1 and <= 3; i++)
        {
            var line = (int)(cache.Ebx & 0xFFF) + 1;
            var ways = (int)(cache.Ebx >> 22) + 1;
            var partitions = (int)(cache.Ebx >> 12 & 0x3FF) + 1;
            var kilobytes = (long)line * ways * partitions * (cache.Ecx + 1L) / 1024;
            var level = (int)(cache.Eax >> 5 & 7);
            caches.Add(new(level, (CpuCacheKind)(cache.Eax & 31), (int)kilobytes, ways, line, level >= 3));
        }
        return caches;
    }

    private static string Text(params ReadOnlySpan<uint> words)
    {
        Span<byte> bytes = stackalloc byte[words.Length * 4];
        for (var i = 0; i < words.Length; i++)
            BitConverter.TryWriteBytes(bytes[(i * 4)..], words[i]);
        return Encoding.Latin1.GetString(bytes);
    }
}
