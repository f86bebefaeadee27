namespace Ringmaster.Memory.Tests;

public sealed class RomTests
{
    private const ulong Ram = 0x10_0000, RomStart = 0xFFFF_0000, RomSize = 0x1_0000;
    private readonly byte[] _content = [.. Enumerable.Range(0, (int)RomSize).Select(i => (byte)(i * 7))];

    [Fact]
    public void Rom_reads_as_its_image()
    {
        using var memory = GuestMemory.CreatePc(Ram, new RomImage(new(RomStart), _content));
        var bytes = new byte[16];

        var isRead = memory.TryRead(new(0xFFFF_FFF0), bytes);

        Assert.True(isRead);
        Assert.Equal(_content[^16..], bytes);
    }

    [Fact]
    public void Nothing_writes_to_rom()
    {
        using var memory = GuestMemory.CreatePc(Ram, new RomImage(new(RomStart), _content));

        Assert.False(memory.TryWrite(new(RomStart), 0xAA));
        Assert.True(memory.Window(new(RomStart), 4).IsEmpty);
        Assert.True(memory.TryRead(new(RomStart), out byte first));
        Assert.Equal(_content[0], first);
    }

    [Theory]
    [InlineData(0, 1, true, true)]
    [InlineData(0x9_FFFF, 2, false, false)]
    [InlineData(0xFFFF, 0x10, true, true)]
    [InlineData(RomStart, 1, false, true)]
    [InlineData(RomStart, RomSize, false, true)]
    [InlineData(RomStart - 1, 2, false, false)]
    [InlineData(RomStart + RomSize - 1, 2, false, false)]
    [InlineData(0x8000_0000, 1, false, false)]
    public void Rom_is_readable_and_is_no_ram(ulong address, ulong length, bool isRam, bool isReadable)
    {
        using var memory = GuestMemory.CreatePc(Ram, new RomImage(new(RomStart), _content));

        Assert.Equal(isRam, memory.Contains(new(address), length));
        Assert.Equal(isReadable, memory.IsReadable(new(address), length));
    }

    [Fact]
    public void Rom_does_not_count_as_ram()
    {
        using var memory = GuestMemory.CreatePc(Ram, new RomImage(new(RomStart), _content));

        Assert.Equal(Ram - 0x2_0000, memory.Size);
        Assert.DoesNotContain(memory.Ranges, range => range.Start.Value == RomStart);
    }

    [Theory]
    [InlineData(0x1000, 0x1000)]
    [InlineData(RomStart + 0x800, 0x1000)]
    [InlineData(RomStart, 0x801)]
    [InlineData(RomStart, 0)]
    public void Rom_that_overlaps_ram_or_has_no_whole_pages_is_refused(ulong start, int length)
    {
        var rom = new RomImage(new(start), new byte[length]);

        Assert.Throws<ArgumentException>(() => GuestMemory.CreatePc(Ram, rom));
    }
}
