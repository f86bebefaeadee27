using System.Buffers.Binary;

namespace Ringmaster.Devices.Network;

/// <summary>Where the headers of an Ethernet frame with TCP or UDP over IP begin.</summary>
/// <param name="Network">Offset of the IP header, behind VLAN tags.</param>
/// <param name="Transport">Offset of the TCP or UDP header, behind IP options and extension headers.</param>
/// <param name="Protocol">The IP protocol number at <paramref name="Transport"/>.</param>
/// <param name="IsVersion6">Whether it is IPv6.</param>
internal readonly record struct FrameLayout(int Network, int Transport, byte Protocol, bool IsVersion6)
{
    internal const byte Tcp = 6, Udp = 17;
    internal const int Version4HeaderSize = 20, Version6HeaderSize = 40;

    private const int MostTags = 2, TypeOffset = 12, TagSize = 4;
    private const ushort Version4Type = 0x0800, Version6Type = 0x86DD, TagType = 0x8100, ServiceTagType = 0x88A8;
    private const byte HopByHop = 0, Routing = 43, DestinationOptions = 60;
    private const int MostExtensions = 8;

    /// <summary>Finds the headers. Only those of IP have been looked at then; what follows may be cut short.</summary>
    /// <returns>False if the frame is not of IP, is a fragment, or contradicts itself.</returns>
    internal static bool TryFind(ReadOnlySpan<byte> frame, out FrameLayout layout)
    {
        layout = default;
        var network = TypeOffset + sizeof(ushort);
        for (var tags = 0; ; tags++)
        {
            if (frame.Length < network)
                return false;
            var type = BinaryPrimitives.ReadUInt16BigEndian(frame[(network - sizeof(ushort))..]);
            if (type == Version4Type)
                return TryVersion4(frame, network, out layout);
            if (type == Version6Type)
                return TryVersion6(frame, network, out layout);
            if (type is not (TagType or ServiceTagType) || tags == MostTags)
                return false;
            network += TagSize;
        }
    }

    private static bool TryVersion4(ReadOnlySpan<byte> frame, int network, out FrameLayout layout)
    {
        layout = default;
        const int fragmentMask = 0x3FFF;
        if (frame.Length < network + Version4HeaderSize)
            return false;
        var header = frame[network..];
        var length = (header[0] & 0x0F) * 4;
        if (header[0] >> 4 != 4 || length < Version4HeaderSize || length > header.Length
            || (BinaryPrimitives.ReadUInt16BigEndian(header[6..]) & fragmentMask) != 0)
            return false;
        layout = new(network, network + length, header[9], IsVersion6: false);
        return true;
    }

    private static bool TryVersion6(ReadOnlySpan<byte> frame, int network, out FrameLayout layout)
    {
        layout = default;
        if (frame.Length < network + Version6HeaderSize || frame[network] >> 4 != 6)
            return false;
        var protocol = frame[network + 6];
        var transport = network + Version6HeaderSize;
        for (var extensions = 0; protocol is HopByHop or Routing or DestinationOptions; extensions++)
        {
            if (frame.Length < transport + 2 || extensions == MostExtensions)
                return false;
            // RFC 8200 section 4.3: in units of eight bytes, the first not counted.
            protocol = frame[transport];
            transport += (frame[transport + 1] + 1) * 8;
        }
        layout = new(network, transport, protocol, IsVersion6: true);
        return transport <= frame.Length;
    }
}
