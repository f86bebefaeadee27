using System.IO.Compression;

namespace Ringmaster.Backends.Tests.Display;

/// <summary>Unpacks a zlib stream that arrives in pieces.</summary>
internal sealed class Inflater
{
    private readonly MemoryStream _packed = new();
    private readonly ZLibStream _zlib;

    internal Inflater() => _zlib = new ZLibStream(_packed, CompressionMode.Decompress);

    /// <summary>Adds a piece and returns what reads the bytes that are in it.</summary>
    internal Func<int, byte[]> Feed(byte[] piece)
    {
        var at = _packed.Position;
        _packed.SetLength(at);
        _packed.Position = at;
        _packed.Write(piece);
        _packed.Position = at;
        return count =>
        {
            var bytes = new byte[count];
            _zlib.ReadExactly(bytes);
            return bytes;
        };
    }
}
