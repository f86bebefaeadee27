using Ringmaster.Devices.Flash;
using Ringmaster.Memory;

namespace Ringmaster.Devices.Tests.Flash;

public sealed class CfiFlashTests
{
    private const int Blocks = 3, Block = CfiFlash.BlockSize;
    private const byte Ready = 0x80, SequenceError = 0xB0;
    private static readonly GuestPhysicalAddress Start = new(0xFFC0_0000);

    private readonly RecordingFlash _kept = new(Blocks);
    private readonly CfiFlash _flash;

    public CfiFlashTests() => _flash = new CfiFlash(Start, _kept);

    [Fact]
    public void It_reads_as_its_content_by_any_width()
    {
        Assert.Equal(_kept.Kept[5], Read(5));
        Assert.Equal(BitConverter.ToUInt32(_kept.Kept, 8), (uint)_flash.ReadMmio(Start + 8, 4));
        Assert.Equal(BitConverter.ToUInt64(_kept.Kept, 4093), _flash.ReadMmio(Start + 4093, 8));
    }

    [Fact]
    public void Programming_clears_bits_and_ends_with_the_ready_status()
    {
        var before = _kept.Kept[100];

        Write(100, 0x10);
        Write(100, 0x5A);

        Assert.Equal(Ready, Read(100));
        Write(0, 0xFF);
        Assert.Equal(before & 0x5A, Read(100));
        Assert.Equal(before & 0x5A, _kept.Kept[100]);
    }

    [Fact]
    public void Erasing_sets_all_bits_of_one_block()
    {
        var others = _kept.Kept.AsSpan(2 * Block).ToArray();

        Write(Block + 17, 0x20);
        Write(Block, 0xD0);
        Write(0, 0xFF);

        Assert.All(Enumerable.Range(Block, Block), offset => Assert.Equal(0xFF, Read(offset)));
        Assert.Equal(others, _kept.Kept[(2 * Block)..]);
        Assert.Equal(_kept.Content.Span[0], Read(0));
    }

    [Fact]
    public void The_buffer_is_programmed_when_it_is_confirmed()
    {
        Erase(0);
        Write(0x300, 0xE8);
        Assert.Equal(Ready, Read(0x300) & Ready);
        Write(0x300, 3);
        for (var i = 0; i < 4; i++)
            Write(0x304 + i, (byte)(0x40 + i));
        Write(0x300, 0xD0);
        Write(0, 0xFF);

        Assert.Equal([0xFF, 0x40, 0x41, 0x42, 0x43, 0xFF], Enumerable.Range(0x303, 6).Select(Read));
        Assert.Equal([0x40, 0x41, 0x42, 0x43], _kept.Kept[0x304..0x308]);
    }

    [Theory]
    [InlineData(new byte[] { 0x20, 0x10 })]
    [InlineData(new byte[] { 0xE8, 0x00, 0x12, 0x13 })]
    public void Commands_in_a_wrong_order_change_nothing_and_are_told_until_cleared(byte[] cycles)
    {
        foreach (var cycle in cycles)
            Write(0x500, cycle);

        Assert.Equal(SequenceError, Read(0));
        Write(0, 0xFF);
        Write(0, 0x70);
        Assert.Equal(SequenceError, Read(0));
        Write(0, 0x50);
        Assert.Equal(_kept.Content.ToArray(), _kept.Kept);
        Write(0, 0x70);
        Assert.Equal(0, Read(0));
    }

    [Fact]
    public void A_byte_outside_the_buffer_ends_the_command()
    {
        Write(0x300, 0xE8);
        Write(0x300, 1);
        Write(0x400, 0);

        Assert.Equal(SequenceError, Read(0));
        Assert.Equal(_kept.Content.ToArray(), _kept.Kept);
    }

    /// <summary>The order in which UEFI firmware for virtual machines looks whether its variables are in flash, ROM or RAM.</summary>
    [Fact]
    public void Firmware_finds_out_that_it_is_flash()
    {
        var original = Read(7);

        Write(7, 0x50);
        Assert.Equal(original, Read(7));
        Write(7, 0x70);
        Assert.Equal(0, Read(7));
        Write(7, 0xFF);
        Assert.Equal(original, Read(7));
    }

    [Fact]
    public void Query_mode_tells_of_the_Intel_commands_and_the_blocks()
    {
        Write(0x55, 0x98);

        Assert.Equal("QRY"u8.ToArray(), Enumerable.Range(0x10, 3).Select(Read));
        Assert.Equal(1, Read(0x13) | Read(0x14) << 8);
        var extended = Read(0x15) | Read(0x16) << 8;
        Assert.Equal("PRI"u8.ToArray(), Enumerable.Range(extended, 3).Select(Read));
        Assert.True(1 << Read(0x27) >= Blocks * Block);
        Assert.Equal((8, 1), (Read(0x2A), Read(0x2C)));
        Assert.Equal((Blocks - 1, Block / 256), (Read(0x2D) | Read(0x2E) << 8, Read(0x2F) | Read(0x30) << 8));
        Assert.Equal(0, Read(Blocks * Block - 1));
    }

    [Fact]
    public void Identifier_mode_tells_the_maker_in_every_block()
    {
        Write(0, 0x90);

        Assert.Equal([0x89, 0x18, 0], Enumerable.Range(Block, 3).Select(Read));
    }

    [Fact]
    public void A_restored_state_brings_its_content()
    {
        Erase(0);
        var saved = _flash.Save();
        var kept = new RecordingFlash(Blocks);
        var other = new CfiFlash(Start, kept);

        other.Restore(saved);

        Assert.Equal(_kept.Kept, kept.Kept);
        Assert.Equal(Ready, other.ReadMmio(Start, 1));
    }

    private void Erase(int offset)
    {
        Write(offset, 0x20);
        Write(offset, 0xD0);
    }

    private byte Read(int offset) => (byte)_flash.ReadMmio(Start + (ulong)offset, 1);

    private void Write(int offset, byte value) => _flash.WriteMmio(Start + (ulong)offset, 1, value);
}
