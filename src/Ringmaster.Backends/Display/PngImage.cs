using System.Buffers.Binary;
using System.IO.Compression;
using Ringmaster.Devices.Display;

namespace Ringmaster.Backends.Display;

/// <summary>Writes pictures as PNG files (ISO/IEC 15948), true colour with 8 bits a sample.</summary>
public static class PngImage
{
    private const int BytesPerPixel = 3;
    private const byte BitDepth = 8, TrueColour = 2, NoFilter = 0;
    private const uint CrcPolynomial = 0xEDB8_8320;

    private static readonly uint[] s_crcOfByte = [.. Enumerable.Range(0, 256).Select(i => CrcOf((uint)i))];

    private static ReadOnlySpan<byte> Signature => [0x89, (byte)'P', (byte)'N', (byte)'G', 0x0D, 0x0A, 0x1A, 0x0A];

    /// <summary>Writes a picture.</summary>
    /// <param name="stream">Takes the file.</param>
    /// <param name="size">The picture's size.</param>
    /// <param name="pixels">Its pixels, row by row, each 00RRGGBBh.</param>
    /// <exception cref="ArgumentException">There are fewer pixels than the size says.</exception>
    /// <exception cref="IOException">The stream cannot be written.</exception>
    public static void Write(Stream stream, ScreenSize size, ReadOnlySpan<uint> pixels)
    {
        ArgumentNullException.ThrowIfNull(stream);
        if (size.Width <= 0 || size.Height <= 0 || pixels.Length < size.Pixels)
            throw new ArgumentException($"A picture of {size} needs {size.Pixels} pixels, not {pixels.Length}.", nameof(pixels));
        stream.Write(Signature);
        Span<byte> header = stackalloc byte[13];
        BinaryPrimitives.WriteInt32BigEndian(header, size.Width);
        BinaryPrimitives.WriteInt32BigEndian(header[4..], size.Height);
        (header[8], header[9]) = (BitDepth, TrueColour);
        header[10..].Clear();
        WriteChunk(stream, "IHDR"u8, header);
        WriteChunk(stream, "IDAT"u8, Compress(size, pixels));
        WriteChunk(stream, "IEND"u8, []);
    }

    private static ReadOnlySpan<byte> Compress(ScreenSize size, ReadOnlySpan<uint> pixels)
    {
        using var compressed = new MemoryStream();
        using (var zlib = new ZLibStream(compressed, CompressionLevel.Fastest, leaveOpen: true))
        {
            var line = new byte[1 + size.Width * BytesPerPixel];
            line[0] = NoFilter;
            for (var y = 0; y < size.Height; y++)
            {
                var row = pixels.Slice(y * size.Width, size.Width);
                for (var x = 0; x < row.Length; x++)
                {
                    var at = 1 + x * BytesPerPixel;
                    (line[at], line[at + 1], line[at + 2]) = ((byte)(row[x] >> 16), (byte)(row[x] >> 8), (byte)row[x]);
                }
                zlib.Write(line);
            }
        }
        return compressed.GetBuffer().AsSpan(0, (int)compressed.Length);
    }

    private static void WriteChunk(Stream stream, ReadOnlySpan<byte> type, ReadOnlySpan<byte> data)
    {
        Span<byte> number = stackalloc byte[4];
        BinaryPrimitives.WriteInt32BigEndian(number, data.Length);
        stream.Write(number);
        stream.Write(type);
        stream.Write(data);
        BinaryPrimitives.WriteUInt32BigEndian(number, ~Crc(Crc(uint.MaxValue, type), data));
        stream.Write(number);
    }

    private static uint Crc(uint crc, ReadOnlySpan<byte> data)
    {
        foreach (var value in data)
            crc = s_crcOfByte[(byte)(crc ^ value)] ^ (crc >> 8);
        return crc;
    }

    private static uint CrcOf(uint value)
    {
        for (var bit = 0; bit < 8; bit++)
            value = (value & 1) != 0 ? CrcPolynomial ^ (value >> 1) : value >> 1;
        return value;
    }
}
