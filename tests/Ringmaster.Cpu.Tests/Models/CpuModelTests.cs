using System.Text;
using Ringmaster.Cpu.Models;

namespace Ringmaster.Cpu.Tests.Models;

public sealed class CpuModelTests
{
    // The psABI's table of micro-architecture levels; CPUID names: SCE is syscall, OSFXSR is fxsr, OSXSAVE is xsave, LZCNT is abm.
    private static readonly string[] Level1 = ["cmov", "cx8", "fpu", "fxsr", "mmx", "syscall", "sse", "sse2"];
    private static readonly string[] Level2 = ["cx16", "lahf-lm", "popcnt", "sse3", "sse4.1", "sse4.2", "ssse3"];
    private static readonly string[] Level3 = ["avx", "avx2", "bmi1", "bmi2", "f16c", "fma", "abm", "movbe", "xsave"];

    // What else applications can see and use; a baseline must not have those of the next level.
    private static readonly string[] Level4 = ["avx512f", "avx512bw", "avx512cd", "avx512dq", "avx512vl"];

    public static TheoryData<string> Models => [.. CpuModelCatalog.Names];

    [Theory]
    [InlineData("x86-64-v1", 1)]
    [InlineData("x86-64-v2", 2)]
    [InlineData("x86-64-v3", 3)]
    [InlineData("Broadwell-Server", 3)]
    [InlineData("EPYC-Milan", 3)]
    public void Models_have_exactly_the_features_of_their_psabi_level(string name, int level)
    {
        var features = CpuModelCatalog.Find(name)!.Features;
        string[][] levels = [Level1, Level2, Level3, Level4];

        Assert.All(levels[..level].SelectMany(l => l), f => Assert.True(features.Contains(f), f));
        if (name.StartsWith("x86-64", StringComparison.Ordinal))
            Assert.All(levels[level..].SelectMany(l => l), f => Assert.False(features.Contains(f), f));
    }

    [Theory]
    [MemberData(nameof(Models))]
    public void Every_model_is_closed_under_needs_and_builds(string name)
    {
        var model = CpuModelCatalog.Find(name)!;
        var cpu = Engines.Resolve(name);

        Assert.True(model.IsHost || !model.Features.Union(model.WhereSupported).UnmetNeeds().Any());
        Assert.Empty(cpu.Features.UnmetNeeds());
        Assert.DoesNotContain(cpu.Features, f => f.Automatic is not null);
        var table = cpu.BuildTable(new(new(0), 1), ClockRates.WithTsc(2_000_000_000));
        Assert.All(cpu.Features.Where(f => f.Register != CpuidRegister.ArchCapabilities), f => Assert.True(table.Has(f), f.Name));
    }

    [Theory]
    [MemberData(nameof(Models))]
    public void Only_chosen_features_appear(string name)
    {
        var cpu = Engines.Resolve(name);
        var table = cpu.BuildTable(new(new(0), 1), ClockRates.WithTsc(2_000_000_000));

        // AMD repeats some of leaf 1's EDX in 8000_0001's; no feature is named there.
        var surprising = CpuFeatureCatalog.All.Where(f => f.Register != CpuidRegister.ArchCapabilities && table.Has(f) && !cpu.Features.Contains(f));
        Assert.Empty(surprising);
    }

    [Theory]
    [MemberData(nameof(Models))]
    public void Leaves_stay_below_the_maximum(string name)
    {
        var table = Engines.Table(name, 1, 4);

        foreach (var (leaf, _) in table.Entries.Keys)
        {
            Assert.InRange(leaf, 0u, leaf switch
            {
                >= 0x8000_0000 => table.MaxExtendedLeaf,
                >= 0x4000_0000 => table[0x4000_0000, 0].Eax,
                _ => table.MaxBasicLeaf,
            });
        }
        Assert.InRange(table.MaxBasicLeaf, 0xDu, 0x24u);
        Assert.True(table.MaxExtendedLeaf >= 0x8000_0008);
    }

    [Theory]
    [InlineData("Broadwell-Server", 0x406F1u)]
    [InlineData("EPYC-Milan", 0x00A00F11u)]
    [InlineData("x86-64-v1", 0x806F8u)]
    public void Signatures_are_encoded_as_the_processor_does(string name, uint signature)
    {
        Assert.Equal(signature, CpuModelCatalog.Find(name)!.Signature);
        Assert.Equal(signature, Engines.Table(name)[1, 0].Eax);
    }

    [Theory]
    [InlineData("Broadwell-Server", "GenuineIntel", "Intel(R) Xeon(R) CPU E5-2680 v4 @ 2.40GHz")]
    [InlineData("EPYC-Milan", "AuthenticAMD", "AMD EPYC 7763 64-Core Processor")]
    [InlineData("x86-64-v3", "GenuineIntel", "Ringmaster x86-64-v3 Virtual CPU")]
    public void Vendor_and_brand_read_as_guests_read_them(string name, string vendor, string brand)
    {
        var table = Engines.Table(name);
        var identity = table[0, 0];

        Assert.Equal(vendor, Text(identity.Ebx, identity.Edx, identity.Ecx));
        var text = string.Concat(Enumerable.Range(0, 3).Select(i => table[0x8000_0002 + (uint)i, 0])
            .Select(r => Text(r.Eax, r.Ebx, r.Ecx, r.Edx)));
        Assert.Equal(brand, text.TrimEnd('\0'));
    }

    [Fact]
    public void The_host_model_repeats_the_host_s_own_bits()
    {
        var model = CpuModelCatalog.Find("host")!;
        var cpu = Engines.Resolve("host", Engines.Able with { Features = CpuFeatureSet.FromCpuid(HostCpu.Cpuid), Xsave = XsaveLayout.FromCpuid(HostCpu.Cpuid) });
        var table = cpu.BuildTable(new(new(0), 1), ClockRates.WithTsc(2_000_000_000));

        Assert.Equal(HostCpu.Cpuid(1, 0).Eax, model.Signature);
        Assert.Equal(HostCpu.Cpuid(1, 0).Eax, table[1, 0].Eax);
        Assert.Equal(HostCpu.Cpuid(0, 0) with { Eax = 0 }, table[0, 0] with { Eax = 0 });
        Assert.All(cpu.Features, f => Assert.True(CpuFeatureSet.FromCpuid(HostCpu.Cpuid).Contains(f), f.Name));
        foreach (var (leaf, subleaf) in new[] { (7u, 0u), (7u, 1u), (0xDu, 1u) })
        {
            var (host, guest) = (HostCpu.Cpuid(leaf, subleaf), table[leaf, subleaf]);
            Assert.Equal(0u, guest.Ecx & ~host.Ecx);
            Assert.Equal(0u, guest.Edx & ~host.Edx);
        }
        for (var leaf = 0x8000_0002u; leaf <= 0x8000_0004; leaf++)
            Assert.Equal(HostCpu.Cpuid(leaf, 0), table[leaf, 0]);
    }

    private static string Text(params uint[] words) => Encoding.ASCII.GetString([.. words.SelectMany(BitConverter.GetBytes)]);
}
