using System.Buffers.Binary;
using System.Net;
using Ringmaster.Devices.Network;

namespace Ringmaster.Backends.Tests.Network;

/// <summary>Frames as a guest's kernel makes them for a device that takes offloads: the checksum is left to do.</summary>
internal static class IpFrames
{
    internal const int Ip = 14, Transport = 34, UdpData = 42;
    internal const byte TcpProtocol = 6, UdpProtocol = 17;

    internal static MacAddress Everybody => new(0xFFFF_FFFF_FFFF);

    /// <summary>A TCP frame with so many bytes of zero.</summary>
    internal static byte[] Tcp(MacAddress to, int length) => Make(to, new(0x0200_0000_0001), IPAddress.Parse("10.0.0.1"), IPAddress.Parse("10.0.0.2"),
        TcpProtocol, [0, 1, 0, 2, 0, 0, 0, 0, 0, 0, 0, 0, 0x50, 0x10, 1, 0, 0, 0, 0, 0], new byte[length]);

    /// <summary>A frame with an IP header and the pseudo header's sum where the checksum belongs.</summary>
    internal static byte[] Make(
        MacAddress to, MacAddress from, IPAddress source, IPAddress destination, byte protocol, byte[] transport, ReadOnlySpan<byte> data)
    {
        byte[] addresses = [.. source.GetAddressBytes(), .. destination.GetAddressBytes()];
        byte[] ip = [0x45, 0, 0, 0, 0, 0, 0x40, 0, 64, protocol, 0, 0, .. addresses];
        BinaryPrimitives.WriteUInt16BigEndian(ip.AsSpan(2), (ushort)(ip.Length + transport.Length + data.Length));
        BinaryPrimitives.WriteUInt16BigEndian(ip.AsSpan(10), InternetChecksum.Of(ip));
        var length = (ushort)(transport.Length + data.Length);
        if (protocol == UdpProtocol)
            BinaryPrimitives.WriteUInt16BigEndian(transport.AsSpan(4), length);
        var pseudo = InternetChecksum.Fold(InternetChecksum.Add(InternetChecksum.Add(InternetChecksum.Add(0, addresses), protocol), length));
        BinaryPrimitives.WriteUInt16BigEndian(transport.AsSpan(ChecksumAt(protocol)), (ushort)~pseudo);
        byte[] frame = [.. new byte[12], 8, 0, .. ip, .. transport, .. data];
        to.Write(frame);
        from.Write(frame.AsSpan(6));
        return frame;
    }

    /// <summary>What is left to do to such a frame.</summary>
    internal static FrameOffload Offload(byte protocol, ushort segment = 0) => new(
        segment == 0 ? FrameSegmentation.None : protocol == TcpProtocol ? FrameSegmentation.Tcp4 : FrameSegmentation.Udp,
        NeedsChecksum: true, IsChecked: false, HeaderLength: 0, segment, Transport, (ushort)ChecksumAt(protocol));

    internal static bool Is(byte[] frame, byte protocol, int destinationPort) =>
        frame.Length >= UdpData && frame[12] == 8 && frame[13] == 0 && frame[Ip + 9] == protocol
        && BinaryPrimitives.ReadUInt16BigEndian(frame.AsSpan(Transport + 2)) == destinationPort;

    private static int ChecksumAt(byte protocol) => protocol == TcpProtocol ? 16 : 6;
}
