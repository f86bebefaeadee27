namespace Ringmaster.Backends.Display.Encoding;

/// <summary>Tiles of 64 by 64 pixels, as runs or with palettes, packed by zlib (RFC 6143, 7.7.6).</summary>
internal sealed class ZrleEncoder : IRectangleEncoder
{
    internal const int Id = 16;

    private const int Side = 64, TilePixels = Side * Side, MostPacked = 16, MostRunColours = 127, LongestRunByte = 255;
    private const byte Solid = 1, PlainRuns = 128, IsRun = 128;

    private readonly DeflateChannel _channel = new();
    private readonly TilePalette _palette = new();
    private readonly uint[] _pixels = new uint[TilePixels];

    // A tile's bytes never are more than those of its pixels, the byte before them, and a palette.
    private byte[] _plain = new byte[TilePixels * 5];
    private int _count;

    public int Number => Id;

    public void Encode(ClientPicture picture, Rectangle part, in RfbPixelFormat format, RfbOutput output)
    {
        _count = 0;
        for (var y = part.Y; y < part.Bottom; y += Side)
        {
            for (var x = part.X; x < part.Right; x += Side)
                EncodeTile(picture, new Rectangle(x, y, Side, Side).Common(part), format);
        }
        var packed = _channel.Pack(_plain.AsSpan(0, _count));
        output.WriteInt32(packed.Length);
        output.Write(packed);
    }

    public void Dispose() => _channel.Dispose();

    private void EncodeTile(ClientPicture picture, Rectangle tile, in RfbPixelFormat format)
    {
        if (_plain.Length - _count < TilePixels * 5)
            Array.Resize(ref _plain, _plain.Length * 2);
        var pixels = _pixels.AsSpan(0, tile.Width * tile.Height);
        for (var y = 0; y < tile.Height; y++)
        {
            var row = picture.Row(tile.X, tile.Y + y, tile.Width);
            for (var x = 0; x < row.Length; x++)
                pixels[y * tile.Width + x] = format.Convert(row[x]);
        }
        var pixelSize = format.FitsThreeBytes ? 3 : format.BytesPerPixel;
        var hasPalette = _palette.TryTake(pixels, MostRunColours);
        if (hasPalette && _palette.Count == 1)
        {
            _plain[_count++] = Solid;
            Put(pixels[0], format);
            return;
        }
        var (plainRuns, paletteRuns) = RunSizes(pixels, pixelSize);
        var bits = !hasPalette || _palette.Count > MostPacked ? 0 : _palette.Count > 4 ? 4 : _palette.Count > 2 ? 2 : 1;
        var colours = _palette.Count * pixelSize;
        var packed = bits == 0 ? int.MaxValue : colours + tile.Height * ((tile.Width * bits + 7) / 8);
        paletteRuns = hasPalette ? paletteRuns + colours : int.MaxValue;
        var least = Math.Min(Math.Min(pixels.Length * pixelSize, plainRuns), Math.Min(packed, paletteRuns));
        if (least == packed)
        {
            PutPalette((byte)_palette.Count, format);
            _count += _palette.Pack(pixels, tile.Width, bits, _plain.AsSpan(_count));
        }
        else if (least == paletteRuns)
        {
            PutPalette((byte)(_palette.Count | PlainRuns), format);
            PutRuns(pixels, format, byPalette: true);
        }
        else if (least == plainRuns)
        {
            _plain[_count++] = PlainRuns;
            PutRuns(pixels, format, byPalette: false);
        }
        else
        {
            _plain[_count++] = 0;
            foreach (var pixel in pixels)
                Put(pixel, format);
        }
    }

    /// <summary>Bytes of the tile as runs: with colours, and with their numbers in a palette.</summary>
    private static (int Plain, int ByPalette) RunSizes(ReadOnlySpan<uint> pixels, int pixelSize)
    {
        int plain = 0, byPalette = 0;
        for (var at = 0; at < pixels.Length;)
        {
            var length = RunAt(pixels, at);
            var lengthBytes = 1 + (length - 1) / LongestRunByte;
            plain += pixelSize + lengthBytes;
            byPalette += length == 1 ? 1 : 1 + lengthBytes;
            at += length;
        }
        return (plain, byPalette);
    }

    private static int RunAt(ReadOnlySpan<uint> pixels, int at)
    {
        var rest = pixels[at..].IndexOfAnyExcept(pixels[at]);
        return rest < 0 ? pixels.Length - at : rest;
    }

    private void PutPalette(byte kind, in RfbPixelFormat format)
    {
        _plain[_count++] = kind;
        foreach (var colour in _palette.Colours)
            Put(colour, format);
    }

    private void PutRuns(ReadOnlySpan<uint> pixels, in RfbPixelFormat format, bool byPalette)
    {
        for (var at = 0; at < pixels.Length;)
        {
            var length = RunAt(pixels, at);
            if (!byPalette)
                Put(pixels[at], format);
            else
                _plain[_count++] = (byte)(_palette.IndexOf(pixels[at]) | (length > 1 ? IsRun : 0));
            at += length;
            if (byPalette && length == 1)
                continue;
            var left = length - 1;
            for (; left >= LongestRunByte; left -= LongestRunByte)
                _plain[_count++] = LongestRunByte;
            _plain[_count++] = (byte)left;
        }
    }

    private void Put(uint value, in RfbPixelFormat format)
    {
        if (!format.FitsThreeBytes)
        {
            _count += format.Put(_plain.AsSpan(_count), value);
            return;
        }
        Span<byte> whole = stackalloc byte[4];
        format.Put(whole, value);
        whole.Slice(format.FirstOfThree, 3).CopyTo(_plain.AsSpan(_count));
        _count += 3;
    }
}
