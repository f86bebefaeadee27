using System.Buffers.Binary;

namespace Ringmaster.Devices.Display.Vga;

/// <summary>What a monitor tells of itself (VESA Enhanced EDID Standard, release A, revision 2: EDID 1.4).</summary>
internal static class MonitorIdentification
{
    internal const int Size = 128;

    private const int FirstDescriptor = 54, DescriptorSize = 18;

    // The gaps of CVT with reduced blanking, version 1, in pixels and lines.
    private const int HorizontalBlank = 160, HorizontalFront = 48, HorizontalSync = 32, VerticalBlank = 30, VerticalFront = 3, VerticalSync = 6;
    private const int MostTimed = 4095, RefreshRate = 60, DotsPerInch = 96;

    /// <summary>Makes the identification of a monitor.</summary>
    /// <param name="preferred">The size that it prefers.</param>
    internal static byte[] Create(ScreenSize preferred)
    {
        var block = new byte[Size];
        ReadOnlySpan<byte> header = [0x00, 0xFF, 0xFF, 0xFF, 0xFF, 0xFF, 0xFF, 0x00];
        header.CopyTo(block);
        BinaryPrimitives.WriteUInt16BigEndian(block.AsSpan(8), Manufacturer("RGM"));
        BinaryPrimitives.WriteUInt16LittleEndian(block.AsSpan(10), 1);
        // Made in 2026; EDID 1.4; a digital input with 8 bits a colour.
        (block[17], block[18], block[19], block[20]) = (2026 - 1990, 1, 4, 0xA5);
        block[21] = Centimetres(preferred.Width);
        block[22] = Centimetres(preferred.Height);
        // Gamma 2.2; sRGB is its colour space, and the first detailed timing is the one it prefers.
        (block[23], block[24]) = (120, 0x06);
        ReadOnlySpan<byte> chromaticity = [0xEE, 0x91, 0xA3, 0x54, 0x4C, 0x99, 0x26, 0x0F, 0x50, 0x54];
        chromaticity.CopyTo(block.AsSpan(25));
        // Established timings: 640x480, 800x600 and 1024x768 at 60 Hz.
        (block[35], block[36]) = (0x21, 0x08);
        // No further standard timings.
        block.AsSpan(38, 16).Fill(0x01);
        WriteTiming(block.AsSpan(FirstDescriptor, DescriptorSize), preferred);
        WriteText(block.AsSpan(FirstDescriptor + DescriptorSize, DescriptorSize), 0xFC, "Ringmaster");
        WriteRange(block.AsSpan(FirstDescriptor + 2 * DescriptorSize, DescriptorSize));
        // An unused descriptor.
        block[FirstDescriptor + 3 * DescriptorSize + 3] = 0x10;
        byte sum = 0;
        foreach (var value in block)
            sum += value;
        block[Size - 1] = (byte)-sum;
        return block;
    }

    /// <summary>Three letters of five bits.</summary>
    private static ushort Manufacturer(string letters) =>
        (ushort)(((letters[0] - '@') << 10) | ((letters[1] - '@') << 5) | (letters[2] - '@'));

    private static byte Centimetres(int pixels) => (byte)Math.Clamp(pixels * 254 / DotsPerInch / 100, 1, 255);

    private static void WriteTiming(Span<byte> into, ScreenSize size)
    {
        var width = Math.Min(size.Width, MostTimed);
        var height = Math.Min(size.Height, MostTimed);
        var clock = (long)(width + HorizontalBlank) * (height + VerticalBlank) * RefreshRate / 10_000;
        BinaryPrimitives.WriteUInt16LittleEndian(into, (ushort)Math.Min(clock, ushort.MaxValue));
        (into[2], into[3], into[4]) = ((byte)width, HorizontalBlank, (byte)((width >> 8) << 4));
        (into[5], into[6], into[7]) = ((byte)height, VerticalBlank, (byte)((height >> 8) << 4));
        (into[8], into[9], into[10]) = (HorizontalFront, HorizontalSync, (VerticalFront << 4) | VerticalSync);
        var across = width * 254 / DotsPerInch / 10;
        var down = height * 254 / DotsPerInch / 10;
        (into[12], into[13], into[14]) = ((byte)across, (byte)down, (byte)(((across >> 8) << 4) | (down >> 8)));
        // Separate digital synchronisation, horizontal positive.
        into[17] = 0x1A;
    }

    private static void WriteText(Span<byte> into, byte kind, string text)
    {
        into[3] = kind;
        var place = into[5..];
        place.Fill((byte)' ');
        for (var i = 0; i < text.Length; i++)
            place[i] = (byte)text[i];
        place[text.Length] = (byte)'\n';
    }

    /// <summary>50 to 125 Hz, 30 to 160 kHz, up to 2550 MHz; no timing formula.</summary>
    private static void WriteRange(Span<byte> into)
    {
        ReadOnlySpan<byte> range = [0, 0, 0, 0xFD, 0, 50, 125, 30, 160, 255, 0x01, 0x0A, 0x20, 0x20, 0x20, 0x20, 0x20, 0x20];
        range.CopyTo(into);
    }
}
