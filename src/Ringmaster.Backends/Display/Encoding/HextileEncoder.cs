namespace Ringmaster.Backends.Display.Encoding;

/// <summary>Tiles of 16 by 16 pixels, each a background with rectangles on it (RFC 6143, 7.7.4).</summary>
internal sealed class HextileEncoder : IRectangleEncoder
{
    internal const int Id = 5;

    private const int Side = 16, TilePixels = Side * Side;
    private const byte Raw = 1, HasBackground = 2, HasForeground = 4, HasRectangles = 8, IsColoured = 16;

    private readonly TilePalette _palette = new();
    private readonly uint[] _pixels = new uint[TilePixels];
    private readonly bool[] _done = new bool[TilePixels];
    private readonly byte[] _rectangles = new byte[TilePixels * 6];

    public int Number => Id;

    public void Encode(ClientPicture picture, Rectangle part, in RfbPixelFormat format, RfbOutput output)
    {
        for (var y = part.Y; y < part.Bottom; y += Side)
        {
            for (var x = part.X; x < part.Right; x += Side)
                EncodeTile(picture, new Rectangle(x, y, Side, Side).Common(part), format, output);
        }
    }

    public void Dispose()
    {
    }

    private void EncodeTile(ClientPicture picture, Rectangle tile, in RfbPixelFormat format, RfbOutput output)
    {
        var pixels = _pixels.AsSpan(0, tile.Width * tile.Height);
        for (var y = 0; y < tile.Height; y++)
        {
            var row = picture.Row(tile.X, tile.Y + y, tile.Width);
            for (var x = 0; x < row.Length; x++)
                pixels[y * tile.Width + x] = format.Convert(row[x]);
        }
        var isFew = _palette.TryTake(pixels, 2);
        var background = pixels[0];
        if (isFew && _palette.Count == 1)
        {
            output.WriteByte(HasBackground);
            Write(background, format, output);
            return;
        }
        var size = FindRectangles(pixels, tile.Width, background, !isFew, format, out var count);
        var pixelSize = format.BytesPerPixel;
        if (size < 0 || size + 2 + pixelSize * 2 >= pixels.Length * pixelSize)
        {
            output.WriteByte(Raw);
            foreach (var pixel in pixels)
                Write(pixel, format, output);
            return;
        }
        output.WriteByte(HasBackground | HasRectangles | (isFew ? HasForeground : IsColoured));
        Write(background, format, output);
        if (isFew)
            Write(_palette.Colours[1], format, output);
        output.WriteByte(count);
        output.Write(_rectangles.AsSpan(0, size));
    }

    /// <summary>Covers all pixels that are not of the background with rectangles: rows of one colour, as far down as they go.</summary>
    /// <returns>Bytes of the rectangles; less than 0 if there are too many.</returns>
    private int FindRectangles(ReadOnlySpan<uint> pixels, int width, uint background, bool coloured, in RfbPixelFormat format, out int count)
    {
        var height = pixels.Length / width;
        Array.Clear(_done);
        count = 0;
        var size = 0;
        for (var at = 0; at < pixels.Length; at++)
        {
            if (_done[at] || pixels[at] == background)
                continue;
            if (count == byte.MaxValue)
                return -1;
            var (x, y, colour) = (at % width, at / width, pixels[at]);
            var right = x + 1;
            while (right < width && pixels[y * width + right] == colour && !_done[y * width + right])
                right++;
            var bottom = y + 1;
            while (bottom < height && !pixels.Slice(bottom * width + x, right - x).ContainsAnyExcept(colour))
                bottom++;
            for (var row = y; row < bottom; row++)
                _done.AsSpan(row * width + x, right - x).Fill(true);
            if (coloured)
                size += format.Put(_rectangles.AsSpan(size), colour);
            _rectangles[size++] = (byte)((x << 4) | y);
            _rectangles[size++] = (byte)(((right - x - 1) << 4) | (bottom - y - 1));
            count++;
        }
        return size;
    }

    private static void Write(uint colour, in RfbPixelFormat format, RfbOutput output) =>
        format.Put(output.Reserve(format.BytesPerPixel), colour);
}
