using System.Buffers.Binary;

namespace Ringmaster.Backends.Display;

/// <summary>Writes messages to a client through a buffer of fixed size.</summary>
/// <param name="stream">The connection.</param>
internal sealed class RfbOutput(Stream stream)
{
    private const int Capacity = 64 * 1024;

    private readonly byte[] _buffer = new byte[Capacity];
    private int _count;

    /// <summary>The most bytes that <see cref="Reserve"/> gives.</summary>
    internal const int MostReserved = Capacity;

    /// <summary>A place for bytes that go next; all of it is sent.</summary>
    internal Span<byte> Reserve(int count)
    {
        if (_count + count > Capacity)
            Flush();
        var place = _buffer.AsSpan(_count, count);
        _count += count;
        return place;
    }

    internal void Write(ReadOnlySpan<byte> bytes)
    {
        if (bytes.Length <= Capacity)
        {
            bytes.CopyTo(Reserve(bytes.Length));
            return;
        }
        Flush();
        stream.Write(bytes);
    }

    internal void WriteByte(int value) => Reserve(1)[0] = (byte)value;

    internal void WriteUInt16(int value) => BinaryPrimitives.WriteUInt16BigEndian(Reserve(2), (ushort)value);

    internal void WriteInt32(int value) => BinaryPrimitives.WriteInt32BigEndian(Reserve(4), value);

    internal void WriteText(string text)
    {
        var bytes = System.Text.Encoding.Latin1.GetBytes(text);
        WriteInt32(bytes.Length);
        Write(bytes);
    }

    internal void Flush()
    {
        stream.Write(_buffer.AsSpan(0, _count));
        _count = 0;
        stream.Flush();
    }
}
