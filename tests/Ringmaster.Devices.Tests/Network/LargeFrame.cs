using System.Buffers.Binary;
using Ringmaster.Devices.Network;

namespace Ringmaster.Devices.Tests.Network;

/// <summary>A frame as a guest's kernel hands it to a device that segments.</summary>
internal sealed record LargeFrame(byte[] Bytes, FrameOffload Offload)
{
    internal const ushort Id = 0xFFFE;
    internal const uint Sequence = 0xFFFF_FF00;

    internal static LargeFrame Tcp(bool version6, int tags, int options, byte flags, ReadOnlySpan<byte> payload, ushort segment)
    {
        byte[] tcp = [0x12, 0x34, 0, 80, 0, 0, 0, 0, 0, 0, 0, 9, (byte)(5 + options << 4), flags, 1, 0, 0, 0, 0, 0, .. new byte[options * 4]];
        BinaryPrimitives.WriteUInt32BigEndian(tcp.AsSpan(4), Sequence);
        return Make(version6, tags, 6, tcp, payload, version6 ? FrameSegmentation.Tcp6 : FrameSegmentation.Tcp4, segment, 16);
    }

    internal static LargeFrame Udp(bool version6, int tags, ReadOnlySpan<byte> payload, ushort segment) =>
        Make(version6, tags, 17, [0, 53, 0x12, 0x34, 0, 0, 0, 0], payload, FrameSegmentation.Udp, segment, 6);

    private static LargeFrame Make(
        bool version6, int tags, byte protocol, byte[] transport, ReadOnlySpan<byte> payload, FrameSegmentation kind, ushort segment, ushort checksum)
    {
        byte[] ip = version6
            ? [0x60, 0, 0, 0, 0, 0, protocol, 64, .. Enumerable.Range(1, 32).Select(i => (byte)(i * 7))]
            : [0x45, 0, 0, 0, Id >> 8, Id & 0xFF, 0x40, 0, 64, protocol, 0, 0, 10, 0, 2, 15, 192, 0, 2, 77];
        byte[] ethernet = [2, 0, 0, 0, 0, 1, 2, 0, 0, 0, 0, 2];
        if (tags > 1)
            ethernet = [.. ethernet, 0x88, 0xA8, 0, 7];
        if (tags > 0)
            ethernet = [.. ethernet, 0x81, 0, 0, 5];
        ethernet = [.. ethernet, .. version6 ? (byte[])[0x86, 0xDD] : [8, 0]];
        var start = ethernet.Length + ip.Length;
        byte[] frame = [.. ethernet, .. ip, .. transport, .. payload];
        return new(frame, new(kind, true, false, (ushort)(start + transport.Length), segment, (ushort)start, checksum));
    }
}
