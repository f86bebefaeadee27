namespace Ringmaster.Backends.Tests.Display;

/// <summary>Unpacks rectangles into pixels of the client's format (RFC 6143, 7.7; rfbproto, "Tight Encoding").</summary>
internal sealed class RfbDecoder
{
    private readonly Inflater _zrle = new();
    private readonly Inflater?[] _tight = new Inflater?[4];

    /// <summary>Reads a rectangle's pixels.</summary>
    /// <param name="encoding">How they were sent.</param>
    /// <param name="width">Pixels across.</param>
    /// <param name="height">Lines.</param>
    /// <param name="format">The client's pixels.</param>
    /// <param name="read">Reads bytes of the connection.</param>
    /// <returns>Each pixel as the client's number.</returns>
    internal uint[] Decode(int encoding, int width, int height, ClientFormat format, Func<int, byte[]> read) => encoding switch
    {
        0 => [.. Enumerable.Range(0, width * height).Select(_ => format.Number(read(format.Bytes)))],
        5 => Hextile(width, height, format, read),
        7 => Tight(width, height, format, read),
        16 => Zrle(width, height, format, _zrle.Feed(read(Int32(read(4))))),
        _ => throw new InvalidDataException($"encoding {encoding} was not asked for"),
    };

    private static int Int32(byte[] bytes) => (bytes[0] << 24) | (bytes[1] << 16) | (bytes[2] << 8) | bytes[3];

    private static uint[] Hextile(int width, int height, ClientFormat format, Func<int, byte[]> read)
    {
        var pixels = new uint[width * height];
        uint background = 0, foreground = 0;
        for (var y = 0; y < height; y += 16)
        {
            for (var x = 0; x < width; x += 16)
            {
                var (w, h) = (Math.Min(16, width - x), Math.Min(16, height - y));
                var kind = read(1)[0];
                if ((kind & 1) != 0)
                {
                    for (var i = 0; i < w * h; i++)
                        pixels[(y + i / w) * width + x + i % w] = format.Number(read(format.Bytes));
                    continue;
                }
                if ((kind & 2) != 0)
                    background = format.Number(read(format.Bytes));
                if ((kind & 4) != 0)
                    foreground = format.Number(read(format.Bytes));
                Fill(x, y, w, h, background);
                for (var left = (kind & 8) != 0 ? read(1)[0] : 0; left > 0; left--)
                {
                    var colour = (kind & 16) != 0 ? format.Number(read(format.Bytes)) : foreground;
                    var place = read(2);
                    Fill(x + (place[0] >> 4), y + (place[0] & 15), (place[1] >> 4) + 1, (place[1] & 15) + 1, colour);
                }
            }
        }
        return pixels;

        void Fill(int x, int y, int w, int h, uint colour)
        {
            for (var i = 0; i < w * h; i++)
                pixels[(y + i / w) * width + x + i % w] = colour;
        }
    }

    private static uint[] Zrle(int width, int height, ClientFormat format, Func<int, byte[]> read)
    {
        var pixels = new uint[width * height];
        for (var y = 0; y < height; y += 64)
        {
            for (var x = 0; x < width; x += 64)
            {
                var (w, h) = (Math.Min(64, width - x), Math.Min(64, height - y));
                var tile = ZrleTile(w, h, format, read);
                for (var i = 0; i < tile.Length; i++)
                    pixels[(y + i / w) * width + x + i % w] = tile[i];
            }
        }
        return pixels;
    }

    private static uint[] ZrleTile(int w, int h, ClientFormat format, Func<int, byte[]> read)
    {
        var tile = new uint[w * h];
        int kind = read(1)[0];
        var palette = new uint[kind & 127];
        for (var i = 0; i < palette.Length; i++)
            palette[i] = Compressed();
        if (kind == 0)
        {
            for (var i = 0; i < tile.Length; i++)
                tile[i] = Compressed();
        }
        else if (kind == 1)
        {
            Array.Fill(tile, palette[0]);
        }
        else if (kind <= 16)
        {
            var bits = kind == 2 ? 1 : kind <= 4 ? 2 : 4;
            for (var y = 0; y < h; y++)
            {
                var row = read((w * bits + 7) / 8);
                for (var x = 0; x < w; x++)
                    tile[y * w + x] = palette[(row[x * bits / 8] >> (8 - bits - x * bits % 8)) & ((1 << bits) - 1)];
            }
        }
        else
        {
            Assert.True(kind == 128 || kind >= 130, $"a tile of kind {kind}");
            for (var at = 0; at < tile.Length;)
            {
                int index = kind == 128 ? 128 : read(1)[0];
                var colour = kind == 128 ? Compressed() : palette[index & 127];
                var length = 1;
                if (index >= 128)
                {
                    byte more;
                    do
                    {
                        more = read(1)[0];
                        length += more;
                    }
                    while (more == 255);
                }
                Array.Fill(tile, colour, at, length);
                at += length;
            }
        }
        return tile;

        uint Compressed() => format.CompressedNumber(read);
    }

    private uint[] Tight(int width, int height, ClientFormat format, Func<int, byte[]> read)
    {
        var pixels = new uint[width * height];
        int control = read(1)[0];
        for (var i = 0; i < 4; i++)
        {
            if ((control & (1 << i)) != 0)
                _tight[i] = null;
        }
        if (control >> 4 == 8)
        {
            Array.Fill(pixels, format.TightNumber(read));
            return pixels;
        }
        Assert.InRange(control >> 4, 0, 7);
        var filter = (control & 0x40) != 0 ? read(1)[0] : 0;
        if (filter == 0)
        {
            var plain = Plain(width * height * format.TightBytes);
            for (var i = 0; i < pixels.Length; i++)
                pixels[i] = format.TightNumber(plain);
            return pixels;
        }
        Assert.Equal(1, filter);
        var palette = new uint[read(1)[0] + 1];
        for (var i = 0; i < palette.Length; i++)
            palette[i] = format.TightNumber(read);
        var rowBytes = palette.Length == 2 ? (width + 7) / 8 : width;
        var rows = Plain(rowBytes * height);
        for (var y = 0; y < height; y++)
        {
            var row = rows(rowBytes);
            for (var x = 0; x < width; x++)
                pixels[y * width + x] = palette[palette.Length == 2 ? (row[x / 8] >> (7 - x % 8)) & 1 : row[x]];
        }
        return pixels;

        Func<int, byte[]> Plain(int count)
        {
            if (count < 12)
                return read;
            var stream = (control >> 4) & 3;
            var length = 0;
            for (var i = 0; i < 3; i++)
            {
                var part = read(1)[0];
                length |= (i < 2 ? part & 0x7F : part) << (7 * i);
                if ((part & 0x80) == 0)
                    break;
            }
            return (_tight[stream] ??= new Inflater()).Feed(read(length));
        }
    }
}
