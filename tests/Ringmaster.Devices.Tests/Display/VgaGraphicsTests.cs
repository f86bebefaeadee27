using Ringmaster.Devices.Display;

namespace Ringmaster.Devices.Tests.Display;

public sealed class VgaGraphicsTests
{
    private const uint Black = 0, Blue = 0x0000AA, Red = 0xAA0000, Green = 0x00AA00, White = 0xFFFFFF, Yellow = 0xFFFF55;

    private readonly VgaBoard _board = new();

    [Fact]
    public void Planar_pixels_take_a_bit_of_each_plane()
    {
        _board.SetPlanarMode();
        _board.SetSequencer(2, 0x01);
        _board.WriteMemory(0xA0000, 0b1010_0000);
        _board.SetSequencer(2, 0x04);
        _board.WriteMemory(0xA0000, 0b0110_0000);
        _board.SetSequencer(2, 0x0F);
        _board.WriteMemory(0xA0000 + 80, 0x01);

        Assert.Equal(new ScreenSize(640, 480), _board.Device.Size);
        // Blue, red, and magenta, which is not named.
        Assert.Equal("br?...../.......w", _board.Part(0, 0, 8, 2, (Blue, 'b'), (Red, 'r'), (Black, '.'), (White, 'w')));
    }

    [Fact]
    public void Bytes_are_pixels_of_two_dots_by_two_lines_in_mode_13h()
    {
        _board.SetByteMode();
        _board.SetColour(0xE0, 63, 63, 21);
        _board.WriteMemory(0xA0000, 0x02E0_0401, 4);
        _board.WriteMemory(0xA0000 + 320, 0x04);

        Assert.Equal(new ScreenSize(640, 400), _board.Device.Size);
        Assert.Equal(
            "bbrryygg/bbrryygg/rr....../rr......",
            _board.Part(0, 0, 8, 4, (Blue, 'b'), (Red, 'r'), (Yellow, 'y'), (Green, 'g'), (Black, '.')));
    }

    [Fact]
    public void The_last_pixel_of_mode_13h_is_byte_63999()
    {
        _board.SetByteMode();
        _board.WriteMemory(0xA0000 + 63999, 0x01);

        Assert.Equal("..bb/..bb", _board.Part(636, 398, 4, 2, (Blue, 'b'), (Black, '.')));
    }

    [Fact]
    public void Unchained_planes_take_turns_in_mode_X()
    {
        _board.SetUnchainedMode();
        _board.SetSequencer(2, 0x02);
        _board.WriteMemory(0xA0000, 0x04);
        _board.SetSequencer(2, 0x08);
        _board.WriteMemory(0xA0000 + 80, 0x01);
        Assert.Equal("..rr....", _board.Part(0, 0, 8, 1, (Red, 'r'), (Black, '.')));
        Assert.Equal("......bb", _board.Part(0, 2, 8, 1, (Blue, 'b'), (Black, '.')));

        // Pages flip by the start address, and pixels by panning two dots each.
        _board.SetCrtc(0x0D, 80);
        _board.SetAttribute(0x13, 4);

        Assert.Equal("..bb....", _board.Part(0, 0, 8, 1, (Blue, 'b'), (Black, '.')));
    }

    [Fact]
    public void Two_bits_are_a_pixel_and_lines_take_turns_in_a_CGA_mode()
    {
        _board.SetCgaMode();
        _board.WriteMemory(0xB8000, 0b00_01_10_11);
        _board.WriteMemory(0xB8001, 0b11_00_00_00);
        _board.WriteMemory(0xBA000, 0b01_01_00_00);

        Assert.Equal(new ScreenSize(640, 400), _board.Device.Size);
        // The palette's colours are cyan, magenta and white, all with some green more (13h, 15h, 17h).
        Assert.Equal(
            "..ccmmwwww/..ccmmwwww/cccc....../cccc......",
            _board.Part(0, 0, 10, 4, (Black, '.'), (Colour(0x13), 'c'), (Colour(0x15), 'm'), (Colour(0x17), 'w')));
    }

    [Fact]
    public void The_colour_select_register_gives_the_upper_bits_of_colours()
    {
        _board.SetPlanarMode();
        _board.SetSequencer(2, 0x01);
        _board.WriteMemory(0xA0000, 0x80);
        _board.SetColour(0xF1, 0, 63, 0);
        _board.SetColour(0xC1, 63, 0, 0);

        _board.SetAttribute(0x14, 0x0F);
        Assert.Equal(0xFF0000u, _board.Picture()[0]);
        _board.SetAttribute(0x10, 0x81);
        Assert.Equal(0x00FF00u, _board.Picture()[0]);
    }

    /// <summary>What the board's colour table has for a number of six bits.</summary>
    private static uint Colour(int number)
    {
        uint colour = 0;
        for (var bit = 2; bit >= 0; bit--)
        {
            var part = ((number >> bit) & 1) * 42 + ((number >> (bit + 3)) & 1) * 21;
            colour = (colour << 8) | (uint)((part << 2) | (part >> 4));
        }
        return colour;
    }
}
