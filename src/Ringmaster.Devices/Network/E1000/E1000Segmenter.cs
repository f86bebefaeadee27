using System.Buffers.Binary;

namespace Ringmaster.Devices.Network.E1000;

/// <summary>Fills in checksums and cuts packets as a context says (Software Developer's Manual sections 3.5 and 3.6).</summary>
internal static class E1000Segmenter
{
    private const byte LastFlags = 0x01 | 0x08;
    private const int Version6Header = 40, TcpFlags = 13;

    /// <summary>Fills in checksums where they belong. Places outside the packet are left alone.</summary>
    public static void Sum(Span<byte> packet, in E1000Context context, bool sumsIp, bool sumsTransport)
    {
        if (sumsIp)
            Sum(packet, context.IpStart, context.IpPlace, context.IpEnd);
        if (!sumsTransport)
            return;
        Sum(packet, context.TransportStart, context.TransportPlace, context.TransportEnd);
        // UDP's 0 means "none"; its other form is as good for TCP (RFC 768).
        if (context.TransportPlace + 2 <= packet.Length && Word(packet, context.TransportPlace) == 0)
            SetWord(packet, context.TransportPlace, ushort.MaxValue);
    }

    /// <summary>
    /// Stores the checksum of some bytes; what is at its place is part of them, such as the sum of a pseudo header.
    /// </summary>
    /// <param name="packet">The packet.</param>
    /// <param name="start">The first byte.</param>
    /// <param name="place">Where it is stored.</param>
    /// <param name="last">The last byte; 0 for the packet's.</param>
    public static void Sum(Span<byte> packet, int start, int place, int last)
    {
        var end = last == 0 ? packet.Length : Math.Min(last + 1, packet.Length);
        if (start >= end || place + 2 > packet.Length)
            return;
        BinaryPrimitives.WriteUInt16BigEndian(packet[place..], InternetChecksum.Of(packet[start..end]));
    }

    /// <summary>Makes the headers of a piece say what the piece is (section 3.5.5).</summary>
    /// <param name="piece">Headers as in the whole packet, and payload.</param>
    /// <param name="context">What they are.</param>
    /// <param name="number">How many pieces come before.</param>
    /// <param name="offset">How many bytes of payload come before.</param>
    /// <param name="isLast">No piece comes after.</param>
    /// <returns>False if the headers do not lie in the piece.</returns>
    public static bool TryComplete(Span<byte> piece, in E1000Context context, int number, int offset, bool isLast)
    {
        var (ip, transport, headers) = ((int)context.IpStart, (int)context.TransportStart, (int)context.HeaderLength);
        if (ip + (context.IsVersion4 ? 20 : Version6Header) > headers || transport + (context.IsTcp ? 20 : 8) > headers)
            return false;
        if (context.IsVersion4)
        {
            SetWord(piece, ip + 2, piece.Length - ip);
            SetWord(piece, ip + 4, Word(piece, ip + 4) + number);
        }
        else
        {
            SetWord(piece, ip + 4, piece.Length - ip - Version6Header);
        }
        if (context.IsTcp)
        {
            var sequence = piece[(transport + 4)..];
            BinaryPrimitives.WriteUInt32BigEndian(sequence, BinaryPrimitives.ReadUInt32BigEndian(sequence) + (uint)offset);
            if (!isLast)
                piece[transport + TcpFlags] &= unchecked((byte)~LastFlags);
        }
        else
        {
            SetWord(piece, transport + 4, piece.Length - transport);
        }
        // The sum of the pseudo header that software has put there lacks the length.
        if (context.TransportPlace + 2 <= headers)
        {
            var sum = Word(piece, context.TransportPlace) + (piece.Length - transport);
            SetWord(piece, context.TransportPlace, (sum & 0xFFFF) + (sum >> 16));
        }
        return true;
    }

    private static int Word(ReadOnlySpan<byte> packet, int at) => BinaryPrimitives.ReadUInt16BigEndian(packet[at..]);

    private static void SetWord(Span<byte> packet, int at, int value) => BinaryPrimitives.WriteUInt16BigEndian(packet[at..], (ushort)value);
}
