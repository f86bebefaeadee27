namespace Ringmaster.Backends.Display.Encoding;

/// <summary>Pixels as they are (RFC 6143, 7.7.1).</summary>
internal sealed class RawEncoder : IRectangleEncoder
{
    internal const int Id = 0;

    public int Number => Id;

    public void Encode(ClientPicture picture, Rectangle part, in RfbPixelFormat format, RfbOutput output)
    {
        for (var y = part.Y; y < part.Bottom; y++)
        {
            var row = picture.Row(part.X, y, part.Width);
            var into = output.Reserve(row.Length * format.BytesPerPixel);
            foreach (var pixel in row)
                into = into[format.Put(into, format.Convert(pixel))..];
        }
    }

    public void Dispose()
    {
    }
}
