using System.Buffers.Binary;
using Ringmaster.Host.Files;

namespace Ringmaster.Backends.Sharing;

/// <summary>Puts an answer together.</summary>
/// <param name="room">Its most bytes.</param>
internal sealed class MessageWriter(int room)
{
    private const int HeaderLength = 7;

    private byte[] _bytes = new byte[512];
    private int _length = HeaderLength;

    /// <summary>Whether it did not fit.</summary>
    public bool IsOverfull { get; private set; }

    /// <summary>Bytes that still fit.</summary>
    public int Room => room - _length;

    public void Byte(byte value) => Reserve(1)[..1].Fill(value);

    public void UInt16(ushort value) => BinaryPrimitives.WriteUInt16LittleEndian(Reserve(2), value);

    public void UInt32(uint value) => BinaryPrimitives.WriteUInt32LittleEndian(Reserve(4), value);

    public void UInt64(ulong value) => BinaryPrimitives.WriteUInt64LittleEndian(Reserve(8), value);

    public void Text(ReadOnlySpan<byte> text)
    {
        UInt16((ushort)text.Length);
        text.CopyTo(Reserve(text.Length));
    }

    /// <summary>What names a file for ever: its kind, its version and its number (section "qid" of intro(5)).</summary>
    public void Qid(in FileStatus status, ulong root)
    {
        Byte(QidKind(status));
        // It changes whenever the content does.
        UInt32((uint)(status.Modified.Seconds * 1_000_000_000 + status.Modified.Nanoseconds) ^ (uint)status.Size);
        UInt64(QidNumber(status.Inode, status.Device, root));
    }

    public static byte QidKind(in FileStatus status) => status.IsDirectory ? (byte)0x80 : status.IsSymlink ? (byte)0x02 : (byte)0;

    /// <summary>The inode; those of other devices below the shared directory are set apart.</summary>
    public static ulong QidNumber(ulong inode, ulong device, ulong root) => device == root ? inode : inode ^ (device + 1) * 0x9E37_79B9_7F4A_7C15;

    /// <summary>Room for bytes; what does not fit goes nowhere.</summary>
    public Span<byte> Reserve(int count)
    {
        if (count > room - _length)
        {
            IsOverfull = true;
            return new byte[count];
        }
        Prepare(count);
        _length += count;
        return _bytes.AsSpan(_length - count, count);
    }

    /// <summary>Makes sure that what is reserved stays where it is while some more bytes follow.</summary>
    public void Prepare(int count)
    {
        if (_length + count > _bytes.Length)
            Array.Resize(ref _bytes, Math.Max(_length + count, 2 * _bytes.Length));
    }

    /// <summary>Takes the last bytes back.</summary>
    public void Shorten(int count) => _length -= count;

    /// <summary>The whole message.</summary>
    public ReadOnlyMemory<byte> Finish(byte kind, ushort tag)
    {
        BinaryPrimitives.WriteInt32LittleEndian(_bytes, _length);
        _bytes[4] = kind;
        BinaryPrimitives.WriteUInt16LittleEndian(_bytes.AsSpan(5), tag);
        return _bytes.AsMemory(0, _length);
    }

    /// <summary>The message that tells of an error.</summary>
    public ReadOnlyMemory<byte> Fail(int error, ushort tag)
    {
        if (room < HeaderLength + 4)
            return default;
        _length = HeaderLength + 4;
        BinaryPrimitives.WriteInt32LittleEndian(_bytes.AsSpan(HeaderLength), error);
        return Finish((byte)MessageKind.Error + 1, tag);
    }
}
