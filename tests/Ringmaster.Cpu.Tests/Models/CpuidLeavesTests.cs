using System.Text;
using Ringmaster.Cpu.Models;

namespace Ringmaster.Cpu.Tests.Models;

public sealed class CpuidLeavesTests
{
    [Theory]
    [InlineData(1, 0, 0u)]
    [InlineData(2, 1, 1u)]
    [InlineData(3, 2, 2u)]
    [InlineData(4, 3, 2u)]
    [InlineData(6, 5, 3u)]
    [InlineData(16, 9, 4u)]
    public void Topology_is_cores_in_one_package(int count, int index, uint coreBits)
    {
        var table = Engines.Table("x86-64-v3", index, count);

        var first = table[1, 0];
        Assert.Equal((uint)index, first.Ebx >> 24);
        Assert.Equal((uint)count, first.Ebx >> 16 & 255);
        Assert.Equal(count > 1, (first.Edx >> 28 & 1) != 0);
        foreach (var leaf in new[] { 0xBu, 0x1Fu })
        {
            Assert.Equal(new(0, 1, 0x100, (uint)index), table[leaf, 0]);
            Assert.Equal(new(coreBits, (uint)count, 0x201, (uint)index), table[leaf, 1]);
            Assert.Equal(new(0, 0, 7, (uint)index), table[leaf, 7]);
        }
    }

    /// <summary>Sockets, cores, threads and a vCPU; its APIC ID, and the bits that number the thread, and core and thread.</summary>
    public static TheoryData<int, int, int, int, uint, uint, uint> Arrangements => new()
    {
        { 1, 1, 1, 0, 0, 0, 0 },
        { 2, 1, 1, 1, 1, 0, 0 },
        { 1, 4, 2, 5, 5, 1, 3 },
        { 2, 2, 2, 7, 7, 1, 2 },
        { 2, 3, 1, 3, 4, 0, 2 },
        { 2, 3, 2, 5, 5, 1, 3 },
        { 2, 3, 2, 6, 8, 1, 3 },
        { 5, 3, 1, 14, 18, 0, 2 },
        { 1, 5, 3, 14, 18, 2, 5 },
    };

    [Theory]
    [MemberData(nameof(Arrangements))]
    public void Each_level_has_its_own_bits_of_the_apic_id(int sockets, int cores, int threads, int index, uint id, uint threadBits, uint packageBits)
    {
        var topology = new CpuTopology(sockets, cores, threads);
        var inPackage = (uint)(cores * threads);

        var intel = Engines.Resolve("Broadwell-Server").BuildTable(new(new(index), topology), ClockRates.WithTsc(1));
        var amd = Engines.Resolve("EPYC-Milan").BuildTable(new(new(index), topology), ClockRates.WithTsc(1));

        foreach (var table in new[] { intel, amd })
        {
            Assert.Equal((id, inPackage), (table[1, 0].Ebx >> 24, table[1, 0].Ebx >> 16 & 255));
            Assert.Equal(inPackage > 1, (table[1, 0].Edx >> 28 & 1) != 0);
            Assert.Equal(new(threadBits, (uint)threads, 0x100, id), table[0xB, 0]);
            Assert.Equal(new(packageBits, inPackage, 0x201, id), table[0xB, 1]);
            Assert.Equal(new(0, 0, 2, id), table[0xB, 2]);
        }
        // How many IDs share the first and the last cache, and how many cores may be in the package.
        Assert.Equal((1U << (int)threadBits) - 1, intel[4, 0].Eax >> 14 & 0xFFF);
        Assert.Equal((1U << (int)packageBits) - 1, intel[4, 3].Eax >> 14 & 0xFFF);
        Assert.Equal((1U << (int)(packageBits - threadBits)) - 1, intel[4, 0].Eax >> 26);
        Assert.Equal((1U << (int)threadBits) - 1, amd[0x8000_001D, 0].Eax >> 14 & 0xFFF);
        Assert.Equal(inPackage - 1 | packageBits << 12, amd[0x8000_0008, 0].Ecx);
        Assert.Equal(new(id, (uint)(index / threads % cores | (threads - 1) << 8), (uint)(index / (cores * threads)), 0), amd[0x8000_001E, 0]);
    }

    [Fact]
    public void Amd_counts_cores_in_its_own_leaves()
    {
        var table = Engines.Table("EPYC-Milan", 3, 6);

        Assert.Equal(5u | 3u << 12, table[0x8000_0008, 0].Ecx);
        Assert.Equal(48u | 48u << 8, table[0x8000_0008, 0].Eax);
        Assert.Equal(new(3, 3, 0, 0), table[0x8000_001E, 0]);
        Assert.Equal(2u, table[0x8000_0001, 0].Ecx & 2);
        Assert.Equal(default, table[0x1F, 0]);
        Assert.Equal(default, table[4, 0]);
    }

    [Fact]
    public void Caches_have_the_sizes_of_the_model()
    {
        var intel = Engines.Table("Broadwell-Server", 0, 8);
        var amd = Engines.Table("EPYC-Milan", 0, 8);

        Assert.Equal([32, 32, 256, 35840], Enumerable.Range(0, 4).Select(i => Kilobytes(intel[4, (uint)i])));
        Assert.Equal([32, 32, 512, 32768], Enumerable.Range(0, 4).Select(i => Kilobytes(amd[0x8000_001D, (uint)i])));
        Assert.Equal(0u, intel[4, 4].Eax & 31);
        Assert.Equal(0u, intel[4, 0].Eax >> 14 & 0xFFF);
        Assert.Equal(7u, intel[4, 3].Eax >> 14 & 0xFFF);
        Assert.Equal(7u, intel[4, 0].Eax >> 26);
        Assert.Equal(512u, amd[0x8000_0006, 0].Ecx >> 16);
        Assert.Equal(64u, amd[0x8000_0006, 0].Edx >> 18);
    }

    [Theory]
    // selection, XCR0 mask, bytes for all of it, offset of PKRU or 0
    [InlineData("x86-64-v3", 7u, 832u, 0u)]
    [InlineData("EPYC-Milan", 0x207u, 2696u, 2688u)]
    [InlineData("Broadwell-Server", 7u, 832u, 0u)]
    [InlineData("x86-64-v3,-avx", 3u, 576u, 0u)]
    public void Extended_state_is_what_the_features_need(string selection, uint mask, uint size, uint pkru)
    {
        var table = Engines.Table(selection);

        Assert.Equal(new(mask, 576, size, 0), table[0xD, 0]);
        Assert.Equal((mask & 4) != 0 ? new(256, 576, 0, 0) : default, table[0xD, 2]);
        Assert.Equal(pkru, table[0xD, 9].Ebx);
        Assert.Equal(default, table[0xD, 40]);
    }

    [Theory]
    [InlineData(3UL, 576, 576)]
    [InlineData(7UL, 832, 832)]
    [InlineData(0x207UL, 2696, 840)]
    [InlineData(0xE7UL, 2688, 2432)]
    [InlineData(0x6_0007UL, 11008, 9088)]
    public void Save_areas_have_the_sizes_of_the_manual(ulong components, int standard, int compacted)
    {
        Assert.Equal(standard, XsaveLayout.Intel.StandardSize(components));
        Assert.Equal(compacted, XsaveLayout.Intel.CompactedSize(components));
    }

    [Fact]
    public void The_host_s_layout_gives_the_host_s_own_size()
    {
        var layout = XsaveLayout.FromCpuid(HostCpu.Cpuid);

        // A hypervisor may withhold components from the mask, and leave their sub-leaves and the size of all.
        Assert.Equal((int)HostCpu.Cpuid(0xD, 0).Ecx, layout.StandardSize(layout.Xcr0Mask));
    }

    [Theory]
    [InlineData(2_000_000_000UL, 1_000_000_000UL)]
    [InlineData(2_400_000_000UL, 1_000_000_000UL)]
    [InlineData(2_596_132_000UL, 1_000_000_000UL)]
    [InlineData(3_141_592_653UL, 1_000_000_000UL)]
    [InlineData(2_596_132_000UL, 25_000_000UL)]
    [InlineData(999_999_937UL, 24_000_000UL)]
    public void The_tsc_leaf_gives_the_frequency_in_32_bit_arithmetic(ulong tsc, ulong timer)
    {
        var table = Engines.Resolve("x86-64-v3").BuildTable(new(new(0), 1), new(tsc, timer));
        var leaf = table[0x15, 0];

        var product = (ulong)(leaf.Ecx / 1000) * leaf.Ebx;
        Assert.True(product <= uint.MaxValue);
        Assert.Equal(timer, leaf.Ecx);
        // Within one part in a million of the true rate, and of what a kHz can say.
        Assert.InRange(Math.Abs((double)(product / leaf.Eax) - tsc / 1000.0), 0, 1 + tsc / 1e9);
        Assert.Equal((uint)((tsc + 500_000) / 1_000_000), table[0x16, 0].Eax);
    }

    [Fact]
    public void Amd_has_no_timing_leaves()
    {
        var table = Engines.Table("EPYC-Milan");

        Assert.Equal(0x10u, table.MaxBasicLeaf);
        Assert.Equal(default, table[0x15, 0]);
    }

    [Theory]
    [InlineData("x86-64-v1", "RINGMASTER  ")]
    [InlineData("x86-64-v1,+kvmclock", "KVMKVMKVM\0\0\0")]
    public void The_hypervisor_s_signature_follows_what_is_offered(string selection, string signature)
    {
        var table = Engines.Table(selection, tsc: 2_500_000_000);
        var leaf = table[0x4000_0000, 0];

        Assert.Equal(signature, Encoding.ASCII.GetString([.. new[] { leaf.Ebx, leaf.Ecx, leaf.Edx }.SelectMany(BitConverter.GetBytes)]));
        Assert.Equal(new(2_500_000, 1_000_000, 0, 0), table[0x4000_0010, 0]);
    }

    [Fact]
    public void Hyper_V_has_its_own_leaves()
    {
        var table = Engines.Table("x86-64-v2,+hv-hypercall,+hv-vp-index,+hv-time-ref-count,+hv-reference-tsc,+hv-relaxed");
        var leaf = table[0x4000_0000, 0];

        Assert.Equal(0x4000_000Au, leaf.Eax);
        Assert.Equal("Microsoft Hv", Encoding.ASCII.GetString([.. new[] { leaf.Ebx, leaf.Ecx, leaf.Edx }.SelectMany(BitConverter.GetBytes)]));
        Assert.Equal("Hv#1", Encoding.ASCII.GetString(BitConverter.GetBytes(table[0x4000_0001, 0].Eax)));
        Assert.Equal(new(0x262, 0, 0, 0), table[0x4000_0003, 0]);
        Assert.Equal(new(0x20, 0xFFFF_FFFF, 0, 0), table[0x4000_0004, 0]);
        Assert.Equal(default, table[0x4000_0010, 0]);
    }

    [Fact]
    public void One_hypervisor_s_signature_is_no_feature_of_another()
    {
        var table = Engines.Table("x86-64-v2,+hv-hypercall");

        Assert.True(table.Has(CpuFeatureCatalog.Get("hv-hypercall")));
        Assert.False(table.Has(CpuFeatureCatalog.Get("kvmclock")));
    }

    [Fact]
    public void Without_the_hypervisor_bit_there_are_no_hypervisor_leaves() =>
        Assert.Equal(default, Engines.Table("x86-64-v1,-hypervisor")[0x4000_0000, 0]);

    [Fact]
    public void Subleaves_that_do_not_exist_are_zero_and_other_leaves_ignore_ecx()
    {
        var table = Engines.Table("x86-64-v3");

        Assert.Equal(default, table[7, 1]);
        Assert.Equal(table[1, 0], table[1, 5]);
        Assert.Equal(default, table[0x1234, 0]);
    }

    [Fact]
    public void A_feature_in_a_higher_leaf_raises_the_maximum()
    {
        var table = Engines.Table("EPYC-Milan,+aeskle,+key-locker");

        Assert.Equal(0x19u, table.MaxBasicLeaf);
    }

    private static int Kilobytes(CpuidResult cache) =>
        (int)(((cache.Ebx >> 22) + 1) * ((cache.Ebx & 0xFFF) + 1) * (cache.Ecx + 1) / 1024);
}
