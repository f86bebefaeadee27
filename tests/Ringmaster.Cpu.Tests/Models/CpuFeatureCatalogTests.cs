using Ringmaster.Cpu.Models;

namespace Ringmaster.Cpu.Tests.Models;

public sealed class CpuFeatureCatalogTests
{
    [Fact]
    public void No_two_features_share_a_bit()
    {
        var places = CpuFeatureCatalog.All.GroupBy(f => (f.Leaf, f.Subleaf, f.Register, f.Bit)).Where(g => g.Count() > 1);

        Assert.Empty(places);
    }

    [Fact]
    public void Every_need_is_a_feature_and_no_feature_needs_itself()
    {
        foreach (var feature in CpuFeatureCatalog.All)
        {
            Assert.InRange(feature.Bit, 0, feature.Register == CpuidRegister.ArchCapabilities ? 63 : 31);
            var seen = new HashSet<string>();
            var open = new Stack<string>(feature.Needs);
            while (open.TryPop(out var need))
            {
                Assert.NotEqual(feature.Name, need);
                if (seen.Add(need))
                    CpuFeatureCatalog.Get(need).Needs.ToList().ForEach(open.Push);
            }
        }
    }

    [Theory]
    [InlineData("avx2", 7u, 0u, CpuidRegister.Ebx, 5)]
    [InlineData("SSE4_2", 1u, 0u, CpuidRegister.Ecx, 20)]
    [InlineData("sse4.1", 1u, 0u, CpuidRegister.Ecx, 19)]
    [InlineData("pni", 1u, 0u, CpuidRegister.Ecx, 0)]
    [InlineData("lzcnt", 0x8000_0001u, 0u, CpuidRegister.Ecx, 5)]
    [InlineData("pku", 7u, 0u, CpuidRegister.Ecx, 3)]
    [InlineData("arch_capabilities", 7u, 0u, CpuidRegister.Edx, 29)]
    [InlineData("avx-vnni", 7u, 1u, CpuidRegister.Eax, 4)]
    [InlineData("avx512-vnni", 7u, 0u, CpuidRegister.Ecx, 11)]
    [InlineData("bhi-ctrl", 7u, 2u, CpuidRegister.Edx, 4)]
    [InlineData("xsaves", 0xDu, 1u, CpuidRegister.Eax, 3)]
    [InlineData("aeskle", 0x19u, 0u, CpuidRegister.Ebx, 0)]
    [InlineData("invtsc", 0x8000_0007u, 0u, CpuidRegister.Edx, 8)]
    [InlineData("btc-no", 0x8000_0008u, 0u, CpuidRegister.Ebx, 29)]
    [InlineData("sev-snp", 0x8000_001Fu, 0u, CpuidRegister.Eax, 4)]
    [InlineData("autoibrs", 0x8000_0021u, 0u, CpuidRegister.Eax, 8)]
    [InlineData("kvmclock", 0x4000_0001u, 0u, CpuidRegister.Eax, 3)]
    [InlineData("rdctl-no", 0u, 0u, CpuidRegister.ArchCapabilities, 0)]
    [InlineData("its-no", 0u, 0u, CpuidRegister.ArchCapabilities, 62)]
    public void Features_are_found_by_any_usual_spelling(string name, uint leaf, uint subleaf, CpuidRegister register, int bit)
    {
        var feature = CpuFeatureCatalog.Find(name);

        Assert.NotNull(feature);
        Assert.Equal((leaf, subleaf, register, bit), (feature.Leaf, feature.Subleaf, feature.Register, feature.Bit));
    }

    [Fact]
    public void Removing_a_feature_removes_all_that_need_it()
    {
        var left = CpuFeatureSet.Of("xsave", "avx", "avx2", "fma", "f16c", "avx512f", "sse2").Without(CpuFeatureSet.Of("avx"));

        Assert.Equal(["sse2", "xsave"], left.Select(f => f.Name).Order());
    }
}
