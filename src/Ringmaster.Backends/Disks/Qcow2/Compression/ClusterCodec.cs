using System.IO.Compression;
using Ringmaster.Backends.Disks.Qcow2.Format;
using ZstdSharp;
using ZstdSharp.Unsafe;

namespace Ringmaster.Backends.Disks.Qcow2.Compression;

/// <summary>Compresses and expands single clusters.</summary>
internal static class ClusterCodec
{
    /// <summary>The window that readers of deflate use (QEMU, docs/interop/qcow2.txt, Compressed Clusters Descriptor): 2^12 bytes.</summary>
    private const int DeflateWindow = 4096;

    /// <summary>A frame may ask for a window of any size; a cluster never needs one larger than itself.</summary>
    private const int LargestZstandardWindowBits = Qcow2Layout.MostClusterBits + 1;

    /// <summary>Expands compressed bytes, behind which others may follow.</summary>
    /// <returns>Whether they were a whole cluster.</returns>
    internal static bool TryExpand(Qcow2Compression kind, byte[] compressed, int length, Span<byte> cluster)
    {
        try
        {
            using var source = new MemoryStream(compressed, 0, length, writable: false);
            using Stream expanding = kind == Qcow2Compression.Deflate ? new DeflateStream(source, CompressionMode.Decompress) : Zstandard(source);
            return expanding.ReadAtLeast(cluster, cluster.Length, throwOnEndOfStream: false) == cluster.Length;
        }
        catch (Exception error) when (error is InvalidDataException or ZstdException or EndOfStreamException)
        {
            return false;
        }
    }

    /// <summary>Compresses a cluster.</summary>
    /// <returns>The bytes; null if they would be no fewer.</returns>
    internal static byte[]? Compress(Qcow2Compression kind, byte[] cluster)
    {
        var compressed = kind == Qcow2Compression.Deflate ? Deflate(cluster) : Zstandard(cluster);
        return compressed.Length < cluster.Length ? compressed : null;
    }

    /// <summary>
    /// .NET's deflate looks back further than readers can, so each window's worth of bytes is compressed on its own. A flush ends at a
    /// byte, so that the pieces make one stream, whose last one ends it.
    /// </summary>
    private static byte[] Deflate(byte[] cluster)
    {
        var whole = new MemoryStream();
        for (var at = 0; at < cluster.Length; at += DeflateWindow)
        {
            var count = Math.Min(DeflateWindow, cluster.Length - at);
            var isLast = at + count == cluster.Length;
            var piece = new MemoryStream();
            long flushed;
            using (var deflate = new DeflateStream(piece, CompressionLevel.Optimal, leaveOpen: true))
            {
                deflate.Write(cluster, at, count);
                deflate.Flush();
                flushed = piece.Length;
            }
            whole.Write(piece.GetBuffer(), 0, (int)(isLast ? piece.Length : flushed));
        }
        return whole.ToArray();
    }

    private static byte[] Zstandard(byte[] cluster)
    {
        using var compressor = new Compressor(Compressor.DefaultCompressionLevel);
        return compressor.Wrap(cluster).ToArray();
    }

    private static DecompressionStream Zstandard(Stream source)
    {
        var stream = new DecompressionStream(source, checkEndOfStream: false);
        stream.SetParameter(ZSTD_dParameter.ZSTD_d_windowLogMax, LargestZstandardWindowBits);
        return stream;
    }
}
