using System.Net;
using Ringmaster.Devices.Network;

namespace Ringmaster.Backends.Network;

/// <summary>Frames that a passt which is ready answers: one of them for each version of IP that the host has.</summary>
internal static class PasstQuestions
{
    private const int EthernetSize = 14;

    /// <summary>Who has the gateway's address? (RFC 826)</summary>
    internal static byte[] Arp(MacAddress guest)
    {
        byte[] frame =
        [
            0xFF, 0xFF, 0xFF, 0xFF, 0xFF, 0xFF, 0, 0, 0, 0, 0, 0, 0x08, 0x06, 0, 1, 0x08, 0, 6, 4, 0, 1, 0, 0, 0, 0, 0, 0,
            .. Bytes(UserNetworkAddresses.Guest4), 0, 0, 0, 0, 0, 0, .. Bytes(UserNetworkAddresses.Gateway4),
        ];
        guest.Write(frame.AsSpan(6));
        guest.Write(frame.AsSpan(EthernetSize + 8));
        return frame;
    }

    /// <summary>Which routers are there? (RFC 4861 section 4.1)</summary>
    internal static byte[] RouterSolicitation(MacAddress guest)
    {
        const int version6Size = 40;
        const byte icmp = 58, length = 8;
        byte[] icmpMessage = [133, 0, 0, 0, 0, 0, 0, 0];
        byte[] addresses = [.. Bytes("fe80::15"), .. Bytes("ff02::2")];
        byte[] frame =
        [
            0x33, 0x33, 0, 0, 0, 2, 0, 0, 0, 0, 0, 0, 0x86, 0xDD, 0x60, 0, 0, 0, 0, length, icmp, 255, .. addresses, .. icmpMessage,
        ];
        guest.Write(frame.AsSpan(6));
        var sum = InternetChecksum.Add(InternetChecksum.Add(InternetChecksum.Add(0, addresses), length), icmp);
        var checksum = InternetChecksum.Fold(InternetChecksum.Add(sum, icmpMessage));
        frame[EthernetSize + version6Size + 2] = (byte)(checksum >> 8);
        frame[EthernetSize + version6Size + 3] = (byte)checksum;
        return frame;
    }

    private static byte[] Bytes(string address) => IPAddress.Parse(address).GetAddressBytes();
}
