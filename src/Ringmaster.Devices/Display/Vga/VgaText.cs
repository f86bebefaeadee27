namespace Ringmaster.Devices.Display.Vga;

/// <summary>Draws text: characters from plane 0, attributes from plane 1 and fonts from plane 2 of video memory.</summary>
/// <param name="registers">The VGA's registers.</param>
/// <param name="memory">Video memory.</param>
internal sealed class VgaText(VgaRegisters registers, VideoMemory memory)
{
    private const int PlaneMask = 0xFFFF, GlyphSize = 32, FirstLineGraphic = 0xC0, LastLineGraphic = 0xDF;
    private const byte Blinks = 0x08, ExtendsLineGraphics = 0x04, CursorOff = 0x20;
    private const long CursorFrames = 8, CharacterFrames = 16;

    private uint[] _palette = [];
    private bool _cursorOn;
    private bool _charactersOn;
    private int _plainFont;
    private int _brightFont;

    /// <summary>Takes what stays the same for a whole frame.</summary>
    internal void StartFrame(uint[] palette, long frame)
    {
        _palette = palette;
        _cursorOn = frame / CursorFrames % 2 == 0 && (registers.Crtc[0x0A] & CursorOff) == 0;
        _charactersOn = frame / CharacterFrames % 2 == 0;
        var select = registers.Sequencer[3];
        _plainFont = FontStart((select & 0x03) | ((select >> 2) & 0x04));
        _brightFont = FontStart(((select >> 2) & 0x03) | ((select >> 3) & 0x04));
    }

    /// <summary>Draws a scan line.</summary>
    /// <param name="dots">Takes 8 or 9 dots a column.</param>
    /// <param name="columns">How many.</param>
    /// <param name="row">The memory address counter at the line's first column.</param>
    /// <param name="scan">The line inside the characters.</param>
    internal void DrawLine(Span<uint> dots, int columns, int row, int scan)
    {
        var crtc = registers.Crtc;
        var isNine = !registers.HasEightDots;
        var mode = registers.AttributeMode;
        var cursor = CursorColumn(row, scan);
        var wraps = (crtc[0x17] & 0x20) != 0 ? 15 : 13;
        var isByte = (crtc[0x17] & 0x40) != 0;
        for (var column = 0; column < columns; column++)
        {
            var counter = (row + column) & PlaneMask;
            var address = isByte ? counter : ((counter << 1) | ((counter >> wraps) & 1)) & PlaneMask;
            var character = memory[address * 4];
            var attribute = memory[address * 4 + 1];
            var font = (attribute & 0x08) != 0 ? _brightFont : _plainFont;
            int glyph = memory[((font + character * GlyphSize + scan) & PlaneMask) * 4 + 2];
            var foreground = _palette[attribute & 0x0F];
            var background = _palette[attribute >> 4];
            if ((mode & Blinks) != 0)
            {
                background = _palette[(attribute >> 4) & 0x07];
                if ((attribute & 0x80) != 0 && !_charactersOn)
                    glyph = 0;
            }
            var ninth = isNine && (mode & ExtendsLineGraphics) != 0 && character is >= FirstLineGraphic and <= LastLineGraphic && (glyph & 1) != 0;
            // An attribute of the monochrome adapter; colour modes put the line below the character.
            if ((attribute & 0x77) == 0x01 && scan == (crtc[0x14] & 0x1F))
                (glyph, ninth) = (0xFF, true);
            if (column == cursor)
                (glyph, ninth) = (0xFF, true);
            var into = dots.Slice(column * (isNine ? 9 : 8), isNine ? 9 : 8);
            for (var i = 0; i < 8; i++)
                into[i] = (glyph & (0x80 >> i)) != 0 ? foreground : background;
            if (isNine)
                into[8] = ninth ? foreground : background;
        }
    }

    /// <summary>The eight fonts of plane 2 are not in the order of their addresses: those of the EGA come first.</summary>
    private static int FontStart(int font) => ((font & 3) << 14) | ((font & 4) << 11);

    /// <summary>The column that the cursor covers in this line; less than 0 for none.</summary>
    private int CursorColumn(int row, int scan)
    {
        var first = registers.Crtc[0x0A] & 0x1F;
        var last = registers.Crtc[0x0B] & 0x1F;
        if (!_cursorOn || scan < first || scan > last)
            return -1;
        var skew = (registers.Crtc[0x0B] >> 5) & 3;
        return ((registers.CursorAddress - row) & PlaneMask) + skew;
    }
}
