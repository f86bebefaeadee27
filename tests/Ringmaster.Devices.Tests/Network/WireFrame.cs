using System.Buffers.Binary;

namespace Ringmaster.Devices.Tests.Network;

/// <summary>What a TCP or UDP frame on the wire says, taken apart without the code under test.</summary>
internal sealed record WireFrame(byte[] Bytes, int Network, int Transport, int Payload)
{
    internal bool IsVersion6 => Bytes[Network] >> 4 == 6;

    internal bool IsTcp => Protocol == 6;

    internal byte[] Data => Bytes[Payload..];

    internal ushort Id => Word(Network + 4);

    internal uint Sequence => BinaryPrimitives.ReadUInt32BigEndian(Bytes.AsSpan(Transport + 4));

    internal byte Flags => Bytes[Transport + 13];

    private byte Protocol => Bytes[IsVersion6 ? Network + 6 : Network + 9];

    /// <summary>Takes a frame apart that has no extension headers.</summary>
    internal static WireFrame Parse(ReadOnlySpan<byte> frame)
    {
        var bytes = frame.ToArray();
        var network = 14;
        while (bytes[network - 2] is 0x81 or 0x88)
            network += 4;
        var version6 = bytes[network] >> 4 == 6;
        var transport = network + (version6 ? 40 : (bytes[network] & 15) * 4);
        var tcp = bytes[version6 ? network + 6 : network + 9] == 6;
        return new(bytes, network, transport, transport + (tcp ? (bytes[transport + 12] >> 4) * 4 : 8));
    }

    /// <summary>Fails unless all lengths and checksums are right.</summary>
    internal void AssertValid()
    {
        if (IsVersion6)
        {
            Assert.Equal(Bytes.Length - Network - 40, Word(Network + 4));
        }
        else
        {
            Assert.Equal(Bytes.Length - Network, Word(Network + 2));
            Assert.Equal(0, SlowChecksum.Of(Bytes[Network..Transport]));
        }
        if (!IsTcp)
            Assert.Equal(Bytes.Length - Transport, Word(Transport + 4));
        var length = Bytes.Length - Transport;
        byte[] pseudo = [.. IsVersion6 ? Bytes[(Network + 8)..(Network + 40)] : Bytes[(Network + 12)..(Network + 20)],
            0, Protocol, (byte)(length >> 8), (byte)length];
        Assert.Equal(0, SlowChecksum.Of([.. pseudo, .. Bytes[Transport..]]));
        Assert.NotEqual(0, Word(Transport + (IsTcp ? 16 : 6)));
    }

    private ushort Word(int at) => BinaryPrimitives.ReadUInt16BigEndian(Bytes.AsSpan(at));
}
