namespace Ringmaster.Backends.Display.Encoding;

/// <summary>One colour, a palette or plain pixels, packed by zlib (rfbproto, "Tight Encoding"); without JPEG.</summary>
internal sealed class TightEncoder : IRectangleEncoder
{
    internal const int Id = 7;

    private const int PlainStream = 0, TwoColourStream = 1, PaletteStream = 2, LeastPacked = 12;
    private const byte Fill = 0x80, HasFilter = 0x40, PaletteFilter = 1;

    private readonly DeflateChannel[] _channels = [new(), new(), new()];
    private readonly TilePalette _palette = new();
    private uint[] _pixels = [];
    private byte[] _plain = [];

    public int Number => Id;

    public void Encode(ClientPicture picture, Rectangle part, in RfbPixelFormat format, RfbOutput output)
    {
        var count = part.Width * part.Height;
        if (_pixels.Length < count)
            (_pixels, _plain) = (new uint[count], new byte[count * 4]);
        var pixels = _pixels.AsSpan(0, count);
        for (var y = 0; y < part.Height; y++)
            picture.Row(part.X, part.Y + y, part.Width).CopyTo(pixels[(y * part.Width)..]);
        if (!_palette.TryTake(pixels, TilePalette.Most))
            EncodePlain(pixels, format, output);
        else if (_palette.Count == 1)
            EncodeFill(pixels[0], format, output);
        else
            EncodePalette(pixels, part.Width, format, output);
    }

    public void Dispose()
    {
        foreach (var channel in _channels)
            channel.Dispose();
    }

    private static void EncodeFill(uint pixel, in RfbPixelFormat format, RfbOutput output)
    {
        Span<byte> bytes = stackalloc byte[4];
        output.WriteByte(Fill);
        output.Write(bytes[..Put(bytes, pixel, format)]);
    }

    private void EncodePlain(ReadOnlySpan<uint> pixels, in RfbPixelFormat format, RfbOutput output)
    {
        var count = 0;
        foreach (var pixel in pixels)
            count += Put(_plain.AsSpan(count), pixel, format);
        output.WriteByte(PlainStream << 4);
        Pack(_plain.AsSpan(0, count), PlainStream, output);
    }

    private void EncodePalette(ReadOnlySpan<uint> pixels, int width, in RfbPixelFormat format, RfbOutput output)
    {
        var stream = _palette.Count == 2 ? TwoColourStream : PaletteStream;
        Span<byte> bytes = stackalloc byte[4];
        output.WriteByte(HasFilter | (stream << 4));
        output.WriteByte(PaletteFilter);
        output.WriteByte(_palette.Count - 1);
        foreach (var colour in _palette.Colours)
            output.Write(bytes[..Put(bytes, colour, format)]);
        var count = _palette.Pack(pixels, width, _palette.Count == 2 ? 1 : 8, _plain);
        Pack(_plain.AsSpan(0, count), stream, output);
    }

    private void Pack(ReadOnlySpan<byte> bytes, int stream, RfbOutput output)
    {
        if (bytes.Length < LeastPacked)
        {
            output.Write(bytes);
            return;
        }
        var packed = _channels[stream].Pack(bytes);
        WriteLength(packed.Length, output);
        output.Write(packed);
    }

    /// <summary>Seven bits a byte, the low ones first; the third byte holds eight.</summary>
    private static void WriteLength(int length, RfbOutput output)
    {
        if (length < 0x80)
        {
            output.WriteByte(length);
            return;
        }
        output.WriteByte((length & 0x7F) | 0x80);
        if (length < 0x4000)
        {
            output.WriteByte(length >> 7);
            return;
        }
        output.WriteByte(((length >> 7) & 0x7F) | 0x80);
        output.WriteByte(length >> 14);
    }

    private static int Put(Span<byte> into, uint pixel, in RfbPixelFormat format)
    {
        if (!format.HasBytesOfColour)
            return format.Put(into, format.Convert(pixel));
        (into[0], into[1], into[2]) = ((byte)(pixel >> 16), (byte)(pixel >> 8), (byte)pixel);
        return 3;
    }
}
