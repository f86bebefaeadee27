using Ringmaster.Devices.Display;

namespace Ringmaster.Devices.Tests.Display;

public sealed class VgaTextTests
{
    private const uint Black = 0, Blue = 0x0000AA, Grey = 0xAAAAAA, White = 0xFFFFFF, Red = 0xAA0000;
    private const long Frame = 14_268_000;

    private readonly VgaBoard _board = new();

    public VgaTextTests()
    {
        _board.SetTextMode();
        _board.SetCrtc(0x0A, 0x20);
    }

    [Fact]
    public void A_screen_of_80_by_25_has_720_by_400_dots() => Assert.Equal(new ScreenSize(720, 400), _board.Device.Size);

    [Fact]
    public void Characters_come_from_the_font_that_was_loaded_in_the_colours_of_their_attributes()
    {
        _board.SetGlyph('A', 0b0001_1000, 0b0010_0100);
        Put(0, 'A', 0x17);
        Put(1, 'A', 0x4F);

        Assert.Equal("bbbggbbbb/bbgbbgbbb/bbbbbbbbb", _board.Part(0, 0, 9, 3, (Blue, 'b'), (Grey, 'g')));
        Assert.Equal("rrrwwrrrr/rrwrrwrrr/rrrrrrrrr", _board.Part(9, 0, 9, 3, (Red, 'r'), (White, 'w')));
    }

    [Fact]
    public void The_second_row_starts_16_lines_down()
    {
        _board.SetGlyph('A', 0xFF);
        Put(80, 'A', 0x07);

        Assert.Equal("........./gggggggg.", _board.Part(0, 15, 9, 2, (Black, '.'), (Grey, 'g')));
    }

    [Fact]
    public void Line_graphics_go_on_into_the_ninth_dot_if_the_mode_says_so()
    {
        _board.SetGlyph(0xC4, 0xFF);
        _board.SetGlyph(0xB0, 0xFF);
        Put(0, 0xC4, 0x07);
        Put(1, 0xB0, 0x07);
        Assert.Equal("ggggggggggggggggg.", _board.Part(0, 0, 18, 1, (Black, '.'), (Grey, 'g')));

        _board.SetAttribute(0x10, 0x08);

        Assert.Equal("gggggggg.gggggggg.", _board.Part(0, 0, 18, 1, (Black, '.'), (Grey, 'g')));
    }

    [Fact]
    public void Eight_dots_make_640_of_80_columns()
    {
        _board.SetSequencer(1, 0x01);
        _board.SetGlyph('A', 0x81);
        Put(1, 'A', 0x07);

        Assert.Equal(new ScreenSize(640, 400), _board.Device.Size);
        Assert.Equal("........g......g", _board.Part(0, 0, 16, 1, (Black, '.'), (Grey, 'g')));
    }

    [Fact]
    public void Half_the_dot_clock_doubles_dots()
    {
        _board.SetSequencer(1, 0x09);
        _board.SetCrtc(0x11, 0);
        _board.SetCrtc(0x01, 39);
        _board.SetGlyph('A', 0xA0);
        Put(0, 'A', 0x07);

        Assert.Equal(new ScreenSize(640, 400), _board.Device.Size);
        Assert.Equal("gg..gg..", _board.Part(0, 0, 8, 1, (Black, '.'), (Grey, 'g')));
    }

    [Fact]
    public void The_cursor_covers_its_lines_and_blinks_every_eight_frames()
    {
        _board.SetCrtc(0x0A, 13);
        _board.SetCrtc(0x0B, 14);
        _board.SetCrtc(0x0F, 1);
        Put(1, ' ', 0x07);
        Assert.Equal(".../ggg/ggg/...", Cursor());

        _board.Clock.Advance(8 * Frame);
        Assert.Equal(".../.../.../...", Cursor());
        _board.Clock.Advance(8 * Frame);
        Assert.Equal(".../ggg/ggg/...", Cursor());
        _board.SetCrtc(0x0A, 15);
        Assert.Equal(".../.../.../...", Cursor());
        _board.SetCrtc(0x0A, 13 | 0x20);
        Assert.Equal(".../.../.../...", Cursor());

        string Cursor() => _board.Part(9, 12, 3, 4, (Black, '.'), (Grey, 'g'));
    }

    [Fact]
    public void Bit_7_of_an_attribute_blinks_or_is_a_bright_background()
    {
        _board.SetGlyph('A', 0xF0);
        Put(0, 'A', 0xF4);
        Assert.Equal("rrrrgggg", _board.Part(0, 0, 8, 1, (Red, 'r'), (Grey, 'g')));

        _board.Clock.Advance(16 * Frame);
        Assert.Equal("gggggggg", _board.Part(0, 0, 8, 1, (Red, 'r'), (Grey, 'g')));
        _board.SetAttribute(0x10, 0x04);
        Assert.Equal("rrrrwwww", _board.Part(0, 0, 8, 1, (Red, 'r'), (White, 'w')));
    }

    [Fact]
    public void Bit_3_of_an_attribute_chooses_between_two_fonts()
    {
        _board.SetGlyphAt(0x4000, 'A', [0xF0]);
        _board.SetGlyph('A', 0x0F);
        // Map B (attribute bit 3 clear) is font 0, map A font 1.
        _board.SetSequencer(3, 0x04);
        Put(0, 'A', 0x07);
        Put(1, 'A', 0x0F);

        Assert.Equal("....gggg.wwww....", _board.Part(0, 0, 17, 1, (Black, '.'), (Grey, 'g'), (White, 'w')));
    }

    [Fact]
    public void The_underline_belongs_to_an_attribute_of_the_monochrome_adapter()
    {
        _board.SetCrtc(0x14, 3);
        Put(0, ' ', 0x01);
        Put(1, ' ', 0x07);

        Assert.Equal("bb......", _board.Part(7, 3, 8, 1, (Blue, 'b'), (Black, '.')));
    }

    [Fact]
    public void The_start_address_scrolls_by_characters()
    {
        _board.SetGlyph('A', 0xFF);
        Put(160, 'A', 0x07);
        _board.SetCrtc(0x0D, 160);

        Assert.Equal("gggggggg.", _board.Part(0, 0, 9, 1, (Black, '.'), (Grey, 'g')));
    }

    [Fact]
    public void The_preset_row_scan_scrolls_by_lines_and_panning_by_dots()
    {
        _board.SetGlyph('A', 0x00, 0x00, 0b0011_0000);
        Put(0, 'A', 0x07);
        _board.SetCrtc(0x08, 2);
        // In nine-dot modes 8 pans by none, 0 by one.
        _board.SetAttribute(0x13, 1);

        Assert.Equal("gg......", _board.Part(0, 0, 8, 1, (Black, '.'), (Grey, 'g')));
    }

    [Fact]
    public void Below_the_line_compare_the_screen_starts_again_and_does_not_pan_if_so_asked()
    {
        _board.SetGlyph('A', 0xC0);
        _board.SetGlyph('B', 0xFF);
        Put(0, 'A', 0x07);
        Put(800, 'B', 0x07);
        _board.SetCrtc(0x0C, 800 >> 8);
        _board.SetCrtc(0x0D, 800 & 0xFF);
        _board.SetAttribute(0x13, 0);
        // 150 has no bit 8 or 9.
        _board.SetCrtc(0x11, 0);
        _board.SetCrtc(0x07, 0x0F);
        _board.SetCrtc(0x09, 0x0F);
        _board.SetCrtc(0x18, 150);

        Assert.Equal("ggggggg..", _board.Part(0, 0, 9, 1, (Black, '.'), (Grey, 'g')));
        Assert.Equal("........./g........", _board.Part(0, 150, 9, 2, (Black, '.'), (Grey, 'g')));
        _board.SetAttribute(0x10, 0x2C);
        Assert.Equal("........./gg.......", _board.Part(0, 150, 9, 2, (Black, '.'), (Grey, 'g')));
    }

    [Fact]
    public void The_pixel_mask_and_the_colour_plane_enable_take_colours_away()
    {
        _board.SetGlyph('A', 0xFF);
        Put(0, 'A', 0x0F);

        _board.SetAttribute(0x12, 0x01);
        Assert.Equal("bbbbbbbb.", _board.Part(0, 0, 9, 1, (Black, '.'), (Blue, 'b')));
        _board.SetAttribute(0x12, 0x0F);
        _board.Ports.Out(0x3C6, 0x00);
        Assert.Equal(".........", _board.Part(0, 0, 9, 1, (Black, '.')));
    }

    [Fact]
    public void A_screen_that_is_off_is_black()
    {
        Put(0, ' ', 0x70);
        _board.SetSequencer(1, 0x20);
        Assert.DoesNotContain(_board.Picture(), pixel => pixel != Black);

        _board.SetSequencer(1, 0x00);
        Assert.Contains(Grey, _board.Picture());
        _board.Ports.In(0x3DA);
        _board.Ports.Out(0x3C0, 0x00);
        Assert.DoesNotContain(_board.Picture(), pixel => pixel != Black);
    }

    private void Put(uint at, int character, int attribute) => _board.WriteMemory(0xB8000 + at * 2, (ulong)(character | (attribute << 8)), 2);
}
