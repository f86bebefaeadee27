using Ringmaster.Devices.Display.Vga;

namespace Ringmaster.Devices.Tests.Display;

/// <summary>What the processor's bytes do to the planes, in a planar mode at A0000h.</summary>
public sealed class VgaMemoryTests
{
    private const uint Place = 0xA0123;

    private readonly VgaBoard _board = new();

    public VgaMemoryTests() => _board.SetPlanarMode();

    [Fact]
    public void The_map_mask_says_which_planes_are_written()
    {
        _board.SetSequencer(2, 0x05);
        _board.WriteMemory(Place, 0xA5);

        Assert.Equal("A5 00 A5 00", Planes(Place));
    }

    [Fact]
    public void Mode_0_rotates_and_combines_with_the_latches_under_the_bit_mask()
    {
        Load(0x0F, 0xF0, 0x33, 0xFF);
        _board.SetGraphics(3, 0x18 | 4);
        _board.SetGraphics(8, 0x7E);
        _board.WriteMemory(Place, 0x3C);

        // 3Ch rotated by four is C3h; XOR with the latches, in the six bits of the mask.
        Assert.Equal(Text(Mix(0x0F), Mix(0xF0), Mix(0x33), Mix(0xFF)), Planes(Place));

        static int Mix(int latch) => ((latch ^ 0xC3) & 0x7E) | (latch & ~0x7E & 0xFF);
    }

    [Theory]
    [InlineData(0, 0x96)]
    [InlineData(1, 0x96 & 0x0F)]
    [InlineData(2, 0x96 | 0x0F)]
    [InlineData(3, 0x96 ^ 0x0F)]
    public void Mode_0_knows_four_functions(int function, int expected)
    {
        Load(0x0F, 0x0F, 0x0F, 0x0F);
        _board.SetGraphics(3, function << 3);
        _board.WriteMemory(Place, 0x96);

        Assert.Equal(Text(expected, expected, expected, expected), Planes(Place));
    }

    [Fact]
    public void Mode_0_takes_set_and_reset_for_the_processors_bits_where_they_are_enabled()
    {
        _board.SetGraphics(0, 0x01);
        _board.SetGraphics(1, 0x03);
        _board.WriteMemory(Place, 0x55);

        Assert.Equal("FF 00 55 55", Planes(Place));
    }

    [Fact]
    public void Mode_1_copies_the_latches()
    {
        Load(1, 2, 3, 4);
        _board.SetGraphics(5, 1);
        _board.WriteMemory(0xA0200, 0xFF);
        _board.SetGraphics(5, 0);

        Assert.Equal("01 02 03 04", Planes(0xA0200));
    }

    [Fact]
    public void Mode_2_spreads_a_bit_over_each_plane()
    {
        Load(0x11, 0x22, 0x44, 0x88);
        _board.SetGraphics(5, 2);
        _board.SetGraphics(8, 0xF0);
        _board.WriteMemory(Place, 0x05);
        _board.SetGraphics(5, 0);

        Assert.Equal("F1 02 F4 08", Planes(Place));
    }

    [Fact]
    public void Mode_3_writes_set_and_reset_where_both_masks_are_set()
    {
        Load(0, 0xFF, 0, 0xFF);
        _board.SetGraphics(0, 0x01);
        _board.SetGraphics(5, 3);
        _board.SetGraphics(8, 0x3C);
        _board.WriteMemory(Place, 0x0F);
        _board.SetGraphics(5, 0);

        Assert.Equal("0C F3 00 F3", Planes(Place));
    }

    [Fact]
    public void Read_mode_1_compares_colours_in_the_planes_that_matter()
    {
        Load(0b1100_1100, 0b1010_1010, 0b1111_0000, 0b1010_0101);
        _board.SetGraphics(2, 0b0101);
        _board.SetGraphics(7, 0b0111);
        _board.SetGraphics(5, 0x08);

        // Plane 0 set, plane 1 clear, plane 2 set; plane 3 does not matter.
        Assert.Equal(0b1100_1100 & ~0b1010_1010 & 0b1111_0000, _board.ReadMemory(Place));
    }

    [Theory]
    [InlineData(0, "A0000 BFFFF")]
    [InlineData(1, "A0000 AFFFF")]
    [InlineData(2, "B0000 B7FFF")]
    [InlineData(3, "B8000 BFFFF")]
    public void The_memory_map_says_where_the_window_is(int map, string expected)
    {
        _board.SetSequencer(2, 0x0F);
        _board.SetGraphics(6, 0x01 | (map << 2));
        var answering = new List<uint>();
        for (uint address = 0xA0000; address < 0xC0000; address += 0x1000)
        {
            _board.WriteMemory(address, 0x5A);
            if (_board.ReadMemory(address) == 0x5A)
                answering.Add(address);
            _board.WriteMemory(address, 0);
        }

        Assert.Equal(expected, $"{answering[0]:X} {answering[^1] + 0xFFF:X}");
        Assert.Equal((answering[^1] - answering[0]) / 0x1000 + 1, (uint)answering.Count);
    }

    [Fact]
    public void Memory_that_is_disabled_floats()
    {
        _board.WriteMemory(Place, 0x12);
        _board.Ports.Out(0x3C2, 0xE1);
        _board.WriteMemory(Place, 0x34);

        Assert.Equal(0xFF, _board.ReadMemory(Place));
        _board.Ports.Out(0x3C2, 0xE3);
        Assert.Equal(0x12, _board.ReadMemory(Place));
    }

    [Fact]
    public void Chained_planes_hold_every_fourth_byte()
    {
        _board.SetByteMode();
        _board.WriteMemory(0xA0004, 0x4433_2211, 4);

        Assert.Equal(0x4433_2211u, _board.ReadMemory(0xA0004, 4));
        _board.SetSequencer(4, 0x06);
        Assert.Equal("11 22 33 44", Planes(0xA0004));
    }

    [Fact]
    public void Odd_and_even_addresses_are_of_two_planes_in_text_modes()
    {
        _board.SetTextMode();
        _board.WriteMemory(0xB8002, 0x1F41, 2);

        Assert.Equal(0x1F41u, _board.ReadMemory(0xB8002, 2));
        _board.SetSequencer(4, 0x06);
        _board.SetGraphics(5, 0);
        _board.SetGraphics(6, 0x0C);
        Assert.Equal("41 1F 00 00", Planes(0xB8002));
    }

    [Fact]
    public void Wide_accesses_are_the_bytes_in_order_and_stop_at_the_windows_end()
    {
        _board.SetGraphics(6, 0x09);
        _board.WriteMemory(0xB7FFC, 0x8877_6655_4433_2211, 8);

        Assert.Equal(0xFFFF_FFFF_4433_2211, _board.ReadMemory(0xB7FFC, 8));
    }

    [Fact]
    public void The_linear_frame_buffer_shows_a_byte_of_each_plane_side_by_side()
    {
        Load(1, 2, 3, 4);

        Assert.Equal(0x0403_0201u, _board.Device.ReadFrameBuffer(0x123 * 4, 4));
        _board.Device.WriteFrameBuffer(0x123 * 4 + 1, 2, 0xBBAA);
        Assert.Equal("01 AA BB 04", Planes(Place));
        Assert.Equal(0xFFFF_FF00u, _board.Device.ReadFrameBuffer((ulong)VgaDevice.LeastMemory - 1, 4));
    }

    /// <summary>Stores a byte in each plane and leaves them in the latches.</summary>
    private void Load(params int[] planes)
    {
        for (var plane = 0; plane < 4; plane++)
        {
            _board.SetSequencer(2, 1 << plane);
            _board.WriteMemory(Place, (ulong)planes[plane]);
        }
        _board.SetSequencer(2, 0x0F);
        _board.ReadMemory(Place);
    }

    private string Planes(uint address)
    {
        var planes = new int[4];
        for (var plane = 0; plane < 4; plane++)
        {
            _board.SetGraphics(4, plane);
            planes[plane] = _board.ReadMemory(address);
        }
        return Text(planes);
    }

    private static string Text(params int[] planes) => string.Join(' ', planes.Select(p => p.ToString("X2")));
}
