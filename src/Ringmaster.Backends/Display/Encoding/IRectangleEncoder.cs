namespace Ringmaster.Backends.Display.Encoding;

/// <summary>A way to send the pixels of a rectangle. Each client has its own: some remember what they have sent.</summary>
internal interface IRectangleEncoder : IDisposable
{
    /// <summary>The number in messages (RFC 6143, 7.7).</summary>
    int Number { get; }

    /// <summary>Writes a rectangle's pixels, without the header.</summary>
    /// <param name="picture">Has the rectangle.</param>
    /// <param name="part">The rectangle, at most <see cref="RfbUpdater.MostWidth"/> by <see cref="RfbUpdater.MostHeight"/>.</param>
    /// <param name="format">The client's pixels.</param>
    /// <param name="output">Takes the bytes.</param>
    void Encode(ClientPicture picture, Rectangle part, in RfbPixelFormat format, RfbOutput output);
}
