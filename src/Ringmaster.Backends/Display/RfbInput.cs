using System.Buffers.Binary;

namespace Ringmaster.Backends.Display;

/// <summary>Reads a client's messages. All numbers of the protocol have the high byte first.</summary>
/// <param name="stream">The connection.</param>
internal sealed class RfbInput(Stream stream)
{
    private readonly byte[] _buffer = new byte[4096];
    private int _start;
    private int _end;

    /// <summary>Fills a place.</summary>
    /// <exception cref="EndOfStreamException">The client is gone.</exception>
    internal void Read(Span<byte> into)
    {
        while (!into.IsEmpty)
        {
            if (_start == _end)
                Fill();
            var count = Math.Min(into.Length, _end - _start);
            _buffer.AsSpan(_start, count).CopyTo(into);
            _start += count;
            into = into[count..];
        }
    }

    internal byte ReadByte()
    {
        if (_start == _end)
            Fill();
        return _buffer[_start++];
    }

    internal ushort ReadUInt16()
    {
        Span<byte> bytes = stackalloc byte[2];
        Read(bytes);
        return BinaryPrimitives.ReadUInt16BigEndian(bytes);
    }

    internal uint ReadUInt32()
    {
        Span<byte> bytes = stackalloc byte[4];
        Read(bytes);
        return BinaryPrimitives.ReadUInt32BigEndian(bytes);
    }

    internal void Skip(long count)
    {
        while (count > 0)
        {
            if (_start == _end)
                Fill();
            var step = (int)Math.Min(count, _end - _start);
            _start += step;
            count -= step;
        }
    }

    private void Fill()
    {
        _start = 0;
        _end = stream.Read(_buffer);
        if (_end == 0)
            throw new EndOfStreamException();
    }
}
