using System.Text;
using Ringmaster.Devices.Bus;
using Ringmaster.Devices.Clock;
using Ringmaster.Devices.Display;
using Ringmaster.Devices.Display.Vga;
using Ringmaster.Devices.Tests.Bus;
using Ringmaster.Memory;

namespace Ringmaster.Devices.Tests.Display;

/// <summary>A VGA on its buses, with what a BIOS does to set modes and a way to look at the picture.</summary>
public sealed class VgaBoard
{
    private const int Sequencer = 0x3C4, Graphics = 0x3CE, Crtc = 0x3D4, DispiIndex = 0x1CE, DispiData = 0x1CF;

    private static readonly byte[] s_egaPalette =
        [0x00, 0x01, 0x02, 0x03, 0x04, 0x05, 0x14, 0x07, 0x38, 0x39, 0x3A, 0x3B, 0x3C, 0x3D, 0x3E, 0x3F];

    private static readonly byte[] s_plainPalette = [.. Enumerable.Range(0, 16).Select(i => (byte)i)];

    private readonly MmioBus _bus = new();

    public VgaBoard(int memorySize = VgaDevice.LeastMemory)
    {
        Device = new VgaDevice(Clock, memorySize);
        Ports = new GuestPorts(Device);
        _bus.Attach(Device);
    }

    public ManualVmClock Clock { get; } = new();

    public VgaDevice Device { get; }

    public GuestPorts Ports { get; }

    public byte ReadMemory(uint address) => (byte)_bus.Read(new GuestPhysicalAddress(address), 1);

    public ulong ReadMemory(uint address, int size) => _bus.Read(new GuestPhysicalAddress(address), size);

    public void WriteMemory(uint address, ulong value, int size = 1) => _bus.Write(new GuestPhysicalAddress(address), size, value);

    /// <summary>80x25 characters of 9x16 dots (BIOS mode 3).</summary>
    public void SetTextMode() => SetMode(
        0x67, [0x03, 0x00, 0x03, 0x00, 0x02],
        "5F 4F 50 82 55 81 BF 1F 00 4F 0D 0E 00 00 00 00 9C 8E 8F 28 1F 96 B9 A3 FF",
        [0, 0, 0, 0, 0, 0x10, 0x0E, 0, 0xFF], [.. s_egaPalette, 0x0C, 0x00, 0x0F, 0x08, 0x00]);

    /// <summary>640x480 with 16 colours (BIOS mode 12h).</summary>
    public void SetPlanarMode() => SetMode(
        0xE3, [0x03, 0x01, 0x0F, 0x00, 0x06],
        "5F 4F 50 82 54 80 0B 3E 00 40 00 00 00 00 00 00 EA 8C DF 28 00 E7 04 E3 FF",
        [0, 0, 0, 0, 0, 0, 0x05, 0x0F, 0xFF], [.. s_egaPalette, 0x01, 0x00, 0x0F, 0x00, 0x00]);

    /// <summary>320x200 with 256 colours (BIOS mode 13h).</summary>
    public void SetByteMode() => SetMode(
        0x63, [0x03, 0x01, 0x0F, 0x00, 0x0E],
        "5F 4F 50 82 54 80 BF 1F 00 41 00 00 00 00 00 00 9C 8E 8F 28 40 96 B9 A3 FF",
        [0, 0, 0, 0, 0, 0x40, 0x05, 0x0F, 0xFF], [.. s_plainPalette, 0x41, 0x00, 0x0F, 0x00, 0x00]);

    /// <summary>320x200 with 4 colours, as on a CGA (BIOS mode 4).</summary>
    public void SetCgaMode() => SetMode(
        0x63, [0x03, 0x09, 0x03, 0x00, 0x02],
        "2D 27 28 90 2B 80 BF 1F 00 C1 00 00 00 00 00 00 9C 8E 8F 14 00 96 B9 A2 FF",
        [0, 0, 0, 0, 0, 0x30, 0x0F, 0x0F, 0xFF],
        [0x00, 0x13, 0x15, 0x17, 0x02, 0x04, 0x06, 0x07, 0x10, 0x11, 0x12, 0x13, 0x14, 0x15, 0x16, 0x17, 0x01, 0x00, 0x03, 0x00, 0x00]);

    /// <summary>The mode X of programs: 13h with the planes unchained (bytes mode, no doubled words).</summary>
    public void SetUnchainedMode()
    {
        SetByteMode();
        SetSequencer(4, 0x06);
        SetCrtc(0x14, 0x00);
        SetCrtc(0x17, 0xE3);
    }

    /// <summary>A mode of the Bochs interface.</summary>
    public void SetDispiMode(int width, int height, int depth, int flags = 0x41)
    {
        SetDispi(4, 0);
        SetDispi(1, width);
        SetDispi(2, height);
        SetDispi(3, depth);
        SetDispi(4, flags);
    }

    public void SetSequencer(int index, int value) => SetIndexed(Sequencer, index, value);

    public void SetGraphics(int index, int value) => SetIndexed(Graphics, index, value);

    public void SetCrtc(int index, int value) => SetIndexed(Crtc, index, value);

    public void SetAttribute(int index, int value)
    {
        Ports.In(0x3DA);
        Ports.Out(0x3C0, index);
        Ports.Out(0x3C0, value);
        Ports.Out(0x3C0, 0x20);
    }

    public void SetColour(int index, int red, int green, int blue)
    {
        Ports.Out(0x3C8, index);
        Ports.Out(0x3C9, red);
        Ports.Out(0x3C9, green);
        Ports.Out(0x3C9, blue);
    }

    public int Dispi(int index)
    {
        Ports.Out(DispiIndex, 2, (uint)index);
        return (int)Ports.In(DispiData, 2);
    }

    public void SetDispi(int index, int value)
    {
        Ports.Out(DispiIndex, 2, (uint)index);
        Ports.Out(DispiData, 2, (uint)value);
    }

    /// <summary>Stores a glyph as a BIOS does: plane 2 alone, addresses in order.</summary>
    public void SetGlyph(int character, params ReadOnlySpan<byte> rows) => SetGlyphAt(0, character, rows);

    /// <summary>The same in a font that starts somewhere in plane 2.</summary>
    public void SetGlyphAt(uint font, int character, ReadOnlySpan<byte> rows)
    {
        SetSequencer(2, 0x04);
        SetSequencer(4, 0x06);
        SetGraphics(5, 0x00);
        SetGraphics(6, 0x04);
        for (var i = 0; i < rows.Length; i++)
            WriteMemory(0xA0000 + font + (uint)(character * 32 + i), rows[i]);
        SetSequencer(2, 0x03);
        SetSequencer(4, 0x02);
        SetGraphics(5, 0x10);
        SetGraphics(6, 0x0E);
    }

    public uint[] Picture()
    {
        var pixels = new uint[Device.Size.Pixels];
        Device.Capture(pixels);
        return pixels;
    }

    /// <summary>A part of the picture as text: a letter a colour, '?' for one that has none.</summary>
    public string Part(int x, int y, int width, int height, params ReadOnlySpan<(uint Colour, char Letter)> letters)
    {
        var pixels = Picture();
        var text = new StringBuilder();
        for (var row = y; row < y + height; row++)
        {
            for (var column = x; column < x + width; column++)
                text.Append(Letter(pixels[row * Device.Size.Width + column], letters));
            text.Append(row + 1 < y + height ? "/" : "");
        }
        return text.ToString();
    }

    private static char Letter(uint colour, ReadOnlySpan<(uint Colour, char Letter)> letters)
    {
        foreach (var (each, letter) in letters)
        {
            if (each == colour)
                return letter;
        }
        return '?';
    }

    private void SetIndexed(int port, int index, int value) => Ports.Out(port, 2, (uint)(index | (value << 8)));

    private void SetMode(int miscellaneous, byte[] sequencer, string crtc, byte[] graphics, byte[] attribute)
    {
        Ports.Out(0x3C2, miscellaneous);
        for (var i = 1; i < sequencer.Length; i++)
            SetSequencer(i, sequencer[i]);
        SetCrtc(0x11, 0);
        var values = crtc.Split(' ');
        for (var i = 0; i < values.Length; i++)
            SetCrtc(i, Convert.ToInt32(values[i], 16));
        for (var i = 0; i < graphics.Length; i++)
            SetGraphics(i, graphics[i]);
        for (var i = 0; i < attribute.Length; i++)
            SetAttribute(i, attribute[i]);
        // The first 64 colours: what the six wires of an EGA mean.
        for (var i = 0; i < 64; i++)
            SetColour(i, Ega(i, 2), Ega(i, 1), Ega(i, 0));
    }

    private static int Ega(int colour, int bit) => ((colour >> bit) & 1) * 42 + ((colour >> (bit + 3)) & 1) * 21;
}
