namespace Ringmaster.Memory.Tests;

public sealed class GuestMemoryLayoutTests
{
    private const ulong Kib = 1024, Mib = 1024 * Kib, Gib = 1024 * Mib;

    public static TheoryData<ulong, ulong[]> PcSizes => new()
    {
        { 1 * Mib, [0, 0xA_0000, 0xC_0000, 0x4_0000] },
        { 512 * Mib, [0, 0xA_0000, 0xC_0000, 512 * Mib - 0xC_0000] },
        { 0xB000_0000 - 4096, [0, 0xA_0000, 0xC_0000, 0xB000_0000 - 4096 - 0xC_0000] },
        { 0xB000_0000, [0, 0xA_0000, 0xC_0000, 2 * Gib - 0xC_0000, 4 * Gib, 0x3000_0000] },
        { 8 * Gib, [0, 0xA_0000, 0xC_0000, 2 * Gib - 0xC_0000, 4 * Gib, 6 * Gib] },
    };

    /// <summary>The expected numbers are start and length of each range.</summary>
    [Theory]
    [MemberData(nameof(PcSizes))]
    public void A_pc_has_holes_for_video_memory_and_below_4_GiB(ulong size, ulong[] expected)
    {
        using var memory = GuestMemory.CreatePc(size);

        Assert.Equal(expected, memory.Ranges.SelectMany(r => new[] { r.Start.Value, r.Length }));
        Assert.Equal(size - 0x2_0000, memory.Size);
        Assert.Equal(memory.Ranges[^1].End.Page, memory.PageCount);
    }

    [Theory]
    [InlineData(0)]
    [InlineData(0xF_FFFF)]
    public void A_pc_has_at_least_a_mebibyte(ulong size) =>
        Assert.Throws<ArgumentOutOfRangeException>(() => GuestMemory.CreatePc(size));

    [Theory]
    [InlineData(0x9_FFFF, true)]
    [InlineData(0xA_0000, false)]
    [InlineData(0xB_FFFF, false)]
    [InlineData(0xC_0000, true)]
    [InlineData(0x7FFF_FFFF, true)]
    [InlineData(0x8000_0000, false)]
    [InlineData(0xFFFF_FFFF, false)]
    [InlineData(0x1_0000_0000, true)]
    [InlineData(0x1_7FFF_FFFF, true)]
    [InlineData(0x1_8000_0000, false)]
    [InlineData(ulong.MaxValue, false)]
    public void A_pc_of_4_GiB_has_ram_where_a_pc_has_it(ulong address, bool isRam)
    {
        using var memory = GuestMemory.CreatePc(4 * Gib);

        Assert.Equal(isRam, memory.IsRam(new(address)));
    }

    public static TheoryData<ulong[]> WrongLayouts => new()
    {
        new ulong[] { },
        new ulong[] { 0, 0 },
        new ulong[] { 0, 100 },
        new ulong[] { 1, 4096 },
        new ulong[] { 0x800, 0x1800 },
        new ulong[] { 0, 0x2000, 0x1000, 0x1000 },
        new ulong[] { 0x1000, 0x1000, 0, 0x2000 },
        new ulong[] { 0, 0x1000, 0, 0x1000 },
        new ulong[] { 0xFFFF_FFFF_FFFF_F000, 0x2000 },
    };

    [Theory]
    [MemberData(nameof(WrongLayouts))]
    public void Ranges_that_are_empty_unaligned_or_overlap_are_refused(ulong[] starts) =>
        Assert.Throws<ArgumentException>(() => GuestMemory.Create(Ranges(starts)));

    [Fact]
    public void Ranges_may_come_in_any_order_and_touch()
    {
        using var memory = GuestMemory.Create(Ranges([0x3000, 0x1000, 0, 0x1000, 0x1000, 0x1000]));

        Assert.Equal([0UL, 0x1000, 0x3000], memory.Ranges.Select(r => r.Start.Value));
        Assert.Equal((0x3000UL, 4UL), (memory.Size, memory.PageCount));
    }

    [Fact]
    public unsafe void Guest_physical_and_host_addresses_differ_by_a_multiple_of_a_large_page()
    {
        using var memory = GuestMemory.CreatePc(8 << 20);

        Assert.Equal(0UL, (ulong)memory.HostBase % (2 << 20));
    }

    private static RamRange[] Ranges(ulong[] numbers) =>
        [.. numbers.Chunk(2).Select(pair => new RamRange(new(pair[0]), pair[1]))];
}
