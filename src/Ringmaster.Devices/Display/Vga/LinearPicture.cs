using System.Buffers.Binary;

namespace Ringmaster.Devices.Display.Vga;

/// <summary>Draws the modes of the Bochs interface from the linear frame buffer.</summary>
/// <param name="dispi">The interface's registers.</param>
/// <param name="vga">Has the colours of the 16-colour modes.</param>
/// <param name="dac">The colours of the 256-colour modes.</param>
/// <param name="memory">Video memory.</param>
internal sealed class LinearPicture(DispiRegisters dispi, VgaPicture vga, VgaDac dac, VideoMemory memory)
{
    internal ScreenSize Size => new(dispi.Width, dispi.Height);

    /// <summary>Draws the picture.</summary>
    /// <param name="pixels">A picture of <see cref="Size"/>.</param>
    internal void Draw(Span<uint> pixels)
    {
        if (vga.IsBlanked)
        {
            pixels.Clear();
            return;
        }
        var palette = dispi.IsPlanar ? vga.Palette() : [];
        for (var y = 0; y < dispi.Height; y++)
        {
            var line = pixels.Slice(y * dispi.Width, dispi.Width);
            var start = (long)(dispi.Y + y) * dispi.Stride;
            if (dispi.IsPlanar)
                DrawPlanes(line, start, palette);
            else
                DrawLine(line, start + (long)dispi.X * ((dispi.Depth + 7) / 8));
        }
    }

    private void DrawLine(Span<uint> line, long start)
    {
        var size = (dispi.Depth + 7) / 8;
        // The last line of a picture that is moved may end beyond memory; what is not there is black.
        var there = (int)Math.Clamp((memory.Length - start) / size, 0, line.Length);
        line[there..].Clear();
        line = line[..there];
        var from = memory.AsSpan((int)Math.Min(start, memory.Length), there * size);
        switch (dispi.Depth)
        {
            case 8:
                for (var x = 0; x < line.Length; x++)
                    line[x] = dac[from[x]];
                break;
            case 15:
                for (var x = 0; x < line.Length; x++)
                    line[x] = FromFive(BinaryPrimitives.ReadUInt16LittleEndian(from[(x * 2)..]));
                break;
            case 16:
                for (var x = 0; x < line.Length; x++)
                    line[x] = FromFiveSix(BinaryPrimitives.ReadUInt16LittleEndian(from[(x * 2)..]));
                break;
            case 24:
                for (var x = 0; x < line.Length; x++)
                    line[x] = from[x * 3] | ((uint)from[x * 3 + 1] << 8) | ((uint)from[x * 3 + 2] << 16);
                break;
            default:
                for (var x = 0; x < line.Length; x++)
                    line[x] = BinaryPrimitives.ReadUInt32LittleEndian(from[(x * 4)..]) & 0xFF_FFFF;
                break;
        }
    }

    private void DrawPlanes(Span<uint> line, long start, uint[] palette)
    {
        Span<uint> dots = stackalloc uint[8];
        for (var x = 0; x < line.Length;)
        {
            var at = start + (dispi.X + x) / 8 * 4;
            var planes = at + 4 <= memory.Length ? BinaryPrimitives.ReadUInt32LittleEndian(memory.AsSpan((int)at)) : 0;
            VgaPicture.DrawPlanes(dots, planes, palette);
            var first = (dispi.X + x) & 7;
            var count = Math.Min(8 - first, line.Length - x);
            dots.Slice(first, count).CopyTo(line[x..]);
            x += count;
        }
    }

    private static uint FromFive(uint pixel) => Widen(pixel >> 10, 5) << 16 | Widen(pixel >> 5, 5) << 8 | Widen(pixel, 5);

    private static uint FromFiveSix(uint pixel) => Widen(pixel >> 11, 5) << 16 | Widen(pixel >> 5, 6) << 8 | Widen(pixel, 5);

    /// <summary>Makes eight bits of fewer, so that the brightest stays the brightest.</summary>
    private static uint Widen(uint part, int bits)
    {
        part &= (1u << bits) - 1;
        return (part << (8 - bits)) | (part >> (2 * bits - 8));
    }
}
