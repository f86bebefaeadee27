using System.IO.Compression;

namespace Ringmaster.Backends.Display.Encoding;

/// <summary>A zlib stream (RFC 1950) that goes on through all of a connection; each piece of it can be unpacked when it arrives.</summary>
internal sealed class DeflateChannel : IDisposable
{
    private readonly MemoryStream _packed = new();
    private readonly ZLibStream _zlib;

    internal DeflateChannel() => _zlib = new ZLibStream(_packed, CompressionLevel.Fastest, leaveOpen: true);

    /// <summary>Packs bytes.</summary>
    /// <returns>The stream's next piece, valid until the next call.</returns>
    internal ReadOnlySpan<byte> Pack(ReadOnlySpan<byte> bytes)
    {
        _packed.SetLength(0);
        _zlib.Write(bytes);
        _zlib.Flush();
        return _packed.GetBuffer().AsSpan(0, (int)_packed.Length);
    }

    public void Dispose()
    {
        _zlib.Dispose();
        _packed.Dispose();
    }
}
