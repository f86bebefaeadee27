using System.Buffers.Binary;

namespace Ringmaster.Devices.Display.Vga;

/// <summary>
/// Draws what a VGA's CRT controller, attribute controller and colour table make of video memory: text and graphics in dots of the
/// full dot clock and in scan lines, so that a mode of half the clock or with doubled lines has the size that a monitor shows.
/// </summary>
/// <param name="registers">The VGA's registers.</param>
/// <param name="dac">The colour table.</param>
/// <param name="memory">Video memory.</param>
internal sealed class VgaPicture(VgaRegisters registers, VgaDac dac, VideoMemory memory)
{
    private const int PlaneMask = 0xFFFF, MostDots = (256 + 2) * 9, PanCompatible = 0x20;

    // What a monitor shows that has no signal yet.
    private static readonly ScreenSize s_unset = new(640, 480);

    private readonly uint[] _dots = new uint[MostDots];
    private readonly uint[] _palette = new uint[16];
    private readonly VgaText _text = new(registers, memory);

    internal ScreenSize Size => IsSet
        ? new(DotsAcross * (registers.HalvesDotClock ? 2 : 1), registers.LineCount * (registers.HalvesLineClock ? 2 : 1))
        : s_unset;

    private bool IsSet => registers.Crtc[1] != 0 && registers.LineCount > 1;

    private bool IsDark => !IsSet || registers.ScreenOff || !registers.PaletteShown;

    private int DotsPerColumn => registers.IsGraphics || registers.HasEightDots ? 8 : 9;

    private int DotsAcross => registers.ColumnCount * DotsPerColumn;

    /// <summary>Draws the picture.</summary>
    /// <param name="pixels">A picture of <see cref="Size"/>.</param>
    /// <param name="frame">The number of the frame, by which things blink.</param>
    internal void Draw(Span<uint> pixels, long frame)
    {
        if (IsDark)
        {
            pixels.Clear();
            return;
        }
        for (var i = 0; i < _palette.Length; i++)
            _palette[i] = Colour(i);
        _text.StartFrame(_palette, frame);
        DrawLines(pixels);
    }

    private void DrawLines(Span<uint> pixels)
    {
        var width = Size.Width;
        var copies = registers.HalvesLineClock ? 2 : 1;
        var crtc = registers.Crtc;
        var lastScan = crtc[9] & 0x1F;
        var doubles = (crtc[9] & 0x80) != 0;
        var isSecond = false;
        var scan = crtc[8] & 0x1F;
        var row = registers.StartAddress + ((crtc[8] >> 5) & 3);
        var pan = Pan;
        for (var line = 0; line < registers.LineCount; line++)
        {
            var into = pixels.Slice(line * copies * width, width);
            DrawLine(into, row, scan, pan);
            if (copies == 2)
                into.CopyTo(pixels.Slice((line * 2 + 1) * width, width));
            if (line == registers.LineCompare)
            {
                // The lower part of a split screen starts at address 0 and does not pan, if so asked.
                (row, scan, isSecond) = (0, 0, false);
                pan = (registers.AttributeMode & PanCompatible) != 0 ? 0 : pan;
            }
            else if (doubles && !isSecond)
            {
                isSecond = true;
            }
            else
            {
                isSecond = false;
                row += scan == lastScan ? crtc[0x13] * 2 : 0;
                scan = scan == lastScan ? 0 : (scan + 1) & 0x1F;
            }
        }
    }

    /// <summary>Dots by which lines are moved to the left.</summary>
    private int Pan
    {
        get
        {
            var pan = registers.Attribute[0x13] & 0x0F;
            if (DotsPerColumn == 9)
                return pan >= 8 ? 0 : pan + 1;
            return pan & 7;
        }
    }

    private void DrawLine(Span<uint> line, int row, int scan, int pan)
    {
        // One column more than is shown, of which panning moves a part in.
        var columns = registers.ColumnCount + 1;
        if (!registers.IsGraphics)
            _text.DrawLine(_dots, columns, row, scan);
        else
            DrawGraphics(columns, row, scan);
        var dots = _dots.AsSpan(pan);
        if (!registers.HalvesDotClock)
        {
            dots[..line.Length].CopyTo(line);
            return;
        }
        for (var x = 0; x < line.Length; x++)
            line[x] = dots[x / 2];
    }

    private void DrawGraphics(int columns, int row, int scan)
    {
        var dots = _dots.AsSpan(0, columns * 8);
        var divisor = (registers.Crtc[0x14] & 0x20) != 0 ? 4 : (registers.Crtc[0x17] & 0x08) != 0 ? 2 : 1;
        for (var column = 0; column < columns; column++)
        {
            var address = PlaneAddress(row + column / divisor, scan);
            var planes = BinaryPrimitives.ReadUInt32LittleEndian(memory.AsSpan(address * 4, 4));
            var into = dots.Slice(column * 8, 8);
            if (registers.ShiftsBytes)
                DrawBytes(into, planes);
            else if (registers.ShiftsInterleaved)
                DrawPairs(into, planes);
            else
                DrawPlanes(into, planes, _palette);
        }
    }

    /// <summary>The plane address of a value of the memory address counter (CRTC registers 14h and 17h).</summary>
    private int PlaneAddress(int counter, int scan)
    {
        var mode = registers.Crtc[0x17];
        counter &= PlaneMask;
        var address = counter;
        if ((registers.Crtc[0x14] & 0x40) != 0)
            address = (counter << 2) | (counter >> 14);
        else if ((mode & 0x40) == 0)
            address = (counter << 1) | ((mode & 0x20) != 0 ? counter >> 15 : (counter >> 13) & 1);
        // Compatibility with CGA and Hercules: lines take turns in two or four parts of memory.
        if ((mode & 0x01) == 0)
            address = (address & ~0x2000) | ((scan & 1) << 13);
        if ((mode & 0x02) == 0)
            address = (address & ~0x4000) | ((scan & 2) << 13);
        return address & PlaneMask;
    }

    /// <summary>Eight dots with a bit from each plane, the most significant first.</summary>
    internal static void DrawPlanes(Span<uint> dots, uint planes, uint[] palette)
    {
        for (var i = 0; i < 8; i++)
        {
            var bits = planes >> (7 - i);
            dots[i] = palette[(bits & 1) | ((bits >> 7) & 2) | ((bits >> 14) & 4) | ((bits >> 21) & 8)];
        }
    }

    /// <summary>Eight dots of two bits, as on a CGA: four from the even planes, four from the odd ones.</summary>
    private void DrawPairs(Span<uint> dots, uint planes)
    {
        for (var i = 0; i < 8; i++)
        {
            var bits = planes >> ((i < 4 ? 0 : 8) + 6 - (i & 3) * 2);
            dots[i] = _palette[(bits & 3) | ((bits >> 14) & 0x0C)];
        }
    }

    /// <summary>Four bits a dot, one plane after the other; two of them are one colour of 256 where the attribute mode says so.</summary>
    private void DrawBytes(Span<uint> dots, uint planes)
    {
        var wide = (registers.AttributeMode & 0x40) != 0;
        var enabled = (registers.Attribute[0x12] & 0x0F) * 0x11;
        for (var i = 0; i < 4; i++)
        {
            var value = (int)(planes >> (i * 8)) & 0xFF;
            if (wide)
                dots[i * 2] = dots[i * 2 + 1] = dac[value & enabled];
            else
                (dots[i * 2], dots[i * 2 + 1]) = (_palette[value >> 4], _palette[value & 0x0F]);
        }
    }

    /// <summary>What the attribute controller and the colour table make of four bits.</summary>
    private uint Colour(int value)
    {
        var colour = registers.Attribute[value & registers.Attribute[0x12] & 0x0F] & 0x3F;
        var select = registers.Attribute[0x14];
        if ((registers.AttributeMode & 0x80) != 0)
            colour = (colour & 0x0F) | ((select & 0x03) << 4);
        return dac[colour | ((select & 0x0C) << 4)];
    }

    /// <summary>The colours of a planar mode of the Bochs interface, which has the attribute controller behind it as well.</summary>
    internal uint[] Palette()
    {
        for (var i = 0; i < _palette.Length; i++)
            _palette[i] = Colour(i);
        return _palette;
    }

    /// <summary>Whether the screen is dark whatever is in memory, in any mode.</summary>
    internal bool IsBlanked => registers.ScreenOff || !registers.PaletteShown;
}
