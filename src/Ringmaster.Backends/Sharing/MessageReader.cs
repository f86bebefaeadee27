using System.Buffers.Binary;

namespace Ringmaster.Backends.Sharing;

/// <summary>Takes fields out of a message. Beyond its end there are zeros, and the message counts as malformed.</summary>
/// <param name="message">The message, without what has been read already.</param>
internal ref struct MessageReader(ReadOnlySpan<byte> message)
{
    private ReadOnlySpan<byte> _rest = message;

    /// <summary>Whether it ended too early.</summary>
    public bool IsMalformed { get; private set; }

    public byte Byte() => Take(1) is [var value] ? value : (byte)0;

    public ushort UInt16() => Take(2) is { Length: 2 } bytes ? BinaryPrimitives.ReadUInt16LittleEndian(bytes) : (ushort)0;

    public uint UInt32() => Take(4) is { Length: 4 } bytes ? BinaryPrimitives.ReadUInt32LittleEndian(bytes) : 0;

    public ulong UInt64() => Take(8) is { Length: 8 } bytes ? BinaryPrimitives.ReadUInt64LittleEndian(bytes) : 0;

    /// <summary>A string: its length and its bytes.</summary>
    public ReadOnlySpan<byte> Text() => Take(UInt16());

    /// <summary>Bytes.</summary>
    public ReadOnlySpan<byte> Take(uint count)
    {
        if (count > (uint)_rest.Length)
        {
            IsMalformed = true;
            _rest = default;
            return default;
        }
        var taken = _rest[..(int)count];
        _rest = _rest[(int)count..];
        return taken;
    }
}
