using System.Buffers.Binary;

namespace Ringmaster.Devices.Network;

/// <summary>
/// Does what was left to do to a frame, for a back end or a guest that does not take such frames: fills in the checksum and
/// cuts the frame into pieces for the wire (virtio 1.2 sections 5.1.6.2.1 and 5.1.6.4.1).
/// </summary>
/// <remarks>
/// Nothing in the frame is believed: what contradicts itself is refused. The frame is read once, so that a guest that changes it
/// meanwhile changes only what it sends. Not for several threads at a time.
/// </remarks>
public sealed class FrameFinisher
{
    /// <summary>Longest frame that is finished, in bytes: 64 KiB of IP behind an Ethernet header with two tags.</summary>
    public const int LongestFrame = 65535 + 22;

    /// <summary>Shortest payload of a piece: less is not sent by anybody and would only keep the host busy.</summary>
    private const int ShortestSegment = 8;

    private const int TcpHeaderSize = 20, UdpHeaderSize = 8;
    private const int TcpFlags = 13, TcpChecksum = 16, UdpLength = 4, UdpChecksum = 6;
    private const byte LastFlag = 0x01, PushFlag = 0x08, WindowReducedFlag = 0x80;

    /// <summary>Longest headers of all layers that are understood.</summary>
    private const int LongestHeaders = 512;

    private readonly byte[] _headers = new byte[LongestHeaders];
    private readonly byte[] _piece = new byte[LongestFrame];

    /// <summary>Fills in a checksum in place.</summary>
    /// <param name="frame">The frame, with the pseudo header's sum where the checksum belongs.</param>
    /// <param name="offload">Where that is. Its segmentation is not looked at.</param>
    /// <returns>False, with the frame unchanged, if the places do not lie in the frame.</returns>
    public static bool TryFillChecksum(Span<byte> frame, in FrameOffload offload)
    {
        if (!offload.NeedsChecksum)
            return true;
        var place = offload.ChecksumStart + offload.ChecksumOffset;
        if (place + sizeof(ushort) > frame.Length)
            return false;
        Store(frame[place..], InternetChecksum.Of(frame[offload.ChecksumStart..]));
        return true;
    }

    /// <summary>Finishes a frame.</summary>
    /// <param name="frame">The frame.</param>
    /// <param name="offload">What is left to do to it.</param>
    /// <param name="sink">Called with each finished frame, in order.</param>
    /// <returns>False if the frame makes no sense; nothing has come out of it then.</returns>
    public bool Finish(ReadOnlySpan<byte> frame, in FrameOffload offload, FrameSink sink)
    {
        ArgumentNullException.ThrowIfNull(sink);
        if (frame.Length > LongestFrame)
            return false;
        if (offload.IsNone)
        {
            sink(frame);
            return true;
        }
        var kind = offload.Segmentation & ~FrameSegmentation.Ecn;
        if (kind != FrameSegmentation.None)
            return Cut(frame, offload, kind, sink);
        var whole = _piece.AsSpan(0, frame.Length);
        frame.CopyTo(whole);
        if (!TryFillChecksum(whole, offload))
            return false;
        sink(whole);
        return true;
    }

    private bool Cut(ReadOnlySpan<byte> frame, in FrameOffload offload, FrameSegmentation kind, FrameSink sink)
    {
        // The headers are copied before they are judged: the frame may be changing.
        var copy = _headers.AsSpan(0, Math.Min(frame.Length, LongestHeaders));
        frame[..copy.Length].CopyTo(copy);
        if (offload.SegmentSize < ShortestSegment || !FrameLayout.TryFind(copy, out var layout) || !Matches(kind, layout)
            || (offload.NeedsChecksum && offload.ChecksumStart != layout.Transport)
            || !TryHeaderEnd(copy, layout, out var payloadAt))
            return false;
        var payload = frame[payloadAt..];
        if (payloadAt - layout.Network + Math.Min(payload.Length, offload.SegmentSize) > ushort.MaxValue)
            return false;
        var headers = copy[..payloadAt];
        for (var (at, number) = (0, 0); ; number++)
        {
            var length = Math.Min(offload.SegmentSize, payload.Length - at);
            var piece = _piece.AsSpan(0, payloadAt + length);
            headers.CopyTo(piece);
            payload.Slice(at, length).CopyTo(piece[payloadAt..]);
            Complete(piece, layout, at, number, isLast: at + length == payload.Length);
            sink(piece);
            at += length;
            if (at == payload.Length)
                return true;
        }
    }

    private static bool Matches(FrameSegmentation kind, in FrameLayout layout) => kind switch
    {
        FrameSegmentation.Tcp4 => layout is { Protocol: FrameLayout.Tcp, IsVersion6: false },
        FrameSegmentation.Tcp6 => layout is { Protocol: FrameLayout.Tcp, IsVersion6: true },
        FrameSegmentation.Udp => layout.Protocol == FrameLayout.Udp,
        _ => false,
    };

    private static bool TryHeaderEnd(ReadOnlySpan<byte> frame, in FrameLayout layout, out int end)
    {
        var least = layout.Protocol == FrameLayout.Tcp ? TcpHeaderSize : UdpHeaderSize;
        end = layout.Transport + least;
        if (frame.Length < end)
            return false;
        if (layout.Protocol == FrameLayout.Tcp)
            end = layout.Transport + (frame[layout.Transport + 12] >> 4) * 4;
        return end >= layout.Transport + least && end <= frame.Length;
    }

    /// <summary>Makes a piece's headers say what the piece is.</summary>
    private static void Complete(Span<byte> piece, in FrameLayout layout, int at, int number, bool isLast)
    {
        var transport = piece[layout.Transport..];
        var checksumAt = TcpChecksum;
        if (layout.Protocol == FrameLayout.Tcp)
        {
            var sequence = BinaryPrimitives.ReadUInt32BigEndian(transport[4..]);
            BinaryPrimitives.WriteUInt32BigEndian(transport[4..], sequence + (uint)at);
            // RFC 3168 section 6.1.2: the reduced window is reported once. The end and the push belong to the last byte.
            if (number > 0)
                transport[TcpFlags] &= unchecked((byte)~WindowReducedFlag);
            if (!isLast)
                transport[TcpFlags] &= unchecked((byte)~(LastFlag | PushFlag));
        }
        else
        {
            BinaryPrimitives.WriteUInt16BigEndian(transport[UdpLength..], (ushort)transport.Length);
            checksumAt = UdpChecksum;
        }
        var network = piece[layout.Network..];
        var addresses = layout.IsVersion6 ? CompleteVersion6(network) : CompleteVersion4(network, layout, number);
        // RFC 9293 section 3.1 and RFC 8200 section 8.1: both pseudo headers add up to the same words.
        var sum = InternetChecksum.Add(0, addresses);
        sum = InternetChecksum.Add(sum, layout.Protocol);
        sum = InternetChecksum.Add(sum, (ushort)transport.Length);
        transport.Slice(checksumAt, sizeof(ushort)).Clear();
        Store(transport[checksumAt..], InternetChecksum.Fold(InternetChecksum.Add(sum, transport)));
    }

    private static ReadOnlySpan<byte> CompleteVersion4(Span<byte> network, in FrameLayout layout, int number)
    {
        var header = network[..(layout.Transport - layout.Network)];
        BinaryPrimitives.WriteUInt16BigEndian(header[2..], (ushort)network.Length);
        var id = BinaryPrimitives.ReadUInt16BigEndian(header[4..]);
        BinaryPrimitives.WriteUInt16BigEndian(header[4..], (ushort)(id + number));
        header.Slice(10, sizeof(ushort)).Clear();
        BinaryPrimitives.WriteUInt16BigEndian(header[10..], InternetChecksum.Of(header));
        return header.Slice(12, 8);
    }

    private static ReadOnlySpan<byte> CompleteVersion6(Span<byte> network)
    {
        BinaryPrimitives.WriteUInt16BigEndian(network[4..], (ushort)(network.Length - FrameLayout.Version6HeaderSize));
        return network.Slice(8, 32);
    }

    /// <summary>Stores a checksum. UDP's 0 means "none"; its other form is as good for TCP (RFC 768).</summary>
    private static void Store(Span<byte> place, ushort checksum) =>
        BinaryPrimitives.WriteUInt16BigEndian(place, checksum == 0 ? ushort.MaxValue : checksum);
}
