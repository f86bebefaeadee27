using Ringmaster.Memory;

namespace Ringmaster.Firmware.Tests;

public sealed class MemoryMapTests
{
    [Fact]
    public void A_PC_with_RAM_above_4_GiB_has_the_usual_ranges()
    {
        var map = MemoryMap.Create(
            [new(new(0), 0xA0000), new(new(0xC0000), 0xBFF4_0000), new(new(0x1_0000_0000), 0x4000_0000)],
            [MemoryMap.ExtendedBiosData, MemoryMap.BiosTables, .. MemoryMap.InterruptControllersAndTimers]);

        Assert.Equal(
            [
                (0x0ul, 0x9FC00ul, MemoryMapType.Usable),
                (0x9FC00ul, 0x400ul, MemoryMapType.Reserved),
                (0xE0000ul, 0x20000ul, MemoryMapType.Reserved),
                (0x10_0000ul, 0xBFF0_0000ul, MemoryMapType.Usable),
                (0xFEC0_0000ul, 0x1000ul, MemoryMapType.Reserved),
                (0xFED0_0000ul, 0x1000ul, MemoryMapType.Reserved),
                (0xFEE0_0000ul, 0x1000ul, MemoryMapType.Reserved),
                (0x1_0000_0000ul, 0x4000_0000ul, MemoryMapType.Usable),
            ],
            map.Entries.Select(e => (e.Start.Value, e.Length, e.Type)));
        Assert.Equal(0xBFF0_0000ul, map.UsableFromOneMebibyte);
    }

    [Fact]
    public void Neighbours_of_one_kind_become_one_entry()
    {
        var map = MemoryMap.Create([new(new(0x10_0000), 0x1000), new(new(0x10_1000), 0x1000)], []);

        var entry = Assert.Single(map.Entries);
        Assert.Equal(0x2000ul, entry.Length);
    }

    [Fact]
    public void Special_areas_that_overlap_are_refused()
    {
        var area = new MemoryMapEntry(new(0x1000), 0x2000, MemoryMapType.Reserved);

        Assert.Throws<ArgumentException>(() => MemoryMap.Create([new RamRange(new(0), 0x1000)], [area, area with { Start = new(0x2000) }]));
    }

    [Fact]
    public void E820_records_are_20_bytes_of_base_length_and_type()
    {
        var map = MemoryMap.Create([new(new(0x10_0000), 0x3000)], []);

        Assert.Equal("0000100000000000" + "0030000000000000" + "01000000", Convert.ToHexString(map.ToE820()));
    }
}
