using System.Buffers.Binary;
using System.Text;

namespace Ringmaster.Firmware;

/// <summary>Writes little-endian structures one field after another.</summary>
internal sealed class ByteWriter
{
    private byte[] _bytes = new byte[256];

    public int Length { get; private set; }

    public ByteWriter U8(int value)
    {
        Extend(1)[0] = (byte)value;
        return this;
    }

    public ByteWriter U16(int value)
    {
        BinaryPrimitives.WriteUInt16LittleEndian(Extend(2), (ushort)value);
        return this;
    }

    public ByteWriter U32(uint value)
    {
        BinaryPrimitives.WriteUInt32LittleEndian(Extend(4), value);
        return this;
    }

    public ByteWriter U64(ulong value)
    {
        BinaryPrimitives.WriteUInt64LittleEndian(Extend(8), value);
        return this;
    }

    public ByteWriter Bytes(ReadOnlySpan<byte> bytes)
    {
        bytes.CopyTo(Extend(bytes.Length));
        return this;
    }

    public ByteWriter Ascii(string text) => Bytes(Encoding.ASCII.GetBytes(text));

    /// <summary>Text in a field of fixed width, cut or filled up.</summary>
    public ByteWriter Ascii(string text, int width, char fill) => Ascii(text.PadRight(width, fill)[..width]);

    public ByteWriter Zeros(int count)
    {
        Extend(count);
        return this;
    }

    /// <summary>Zeros up to a multiple of <paramref name="alignment"/>.</summary>
    public ByteWriter Align(int alignment) => Zeros((alignment - Length % alignment) % alignment);

    public byte[] ToArray() => _bytes.AsSpan(0, Length).ToArray();

    private Span<byte> Extend(int count)
    {
        if (_bytes.Length - Length < count)
            Array.Resize(ref _bytes, Math.Max(_bytes.Length * 2, Length + count));
        var span = _bytes.AsSpan(Length, count);
        Length += count;
        return span;
    }
}
