using System.Buffers.Binary;
using Ringmaster.Devices.Network;
using Ringmaster.Devices.Tests.Network;
using Ringmaster.Devices.Virtio.Net;

namespace Ringmaster.Devices.Tests.Virtio.Net;

public sealed class VirtioNetSteeringTests
{
    private const ulong Many = NetFeature.ControlQueue | NetFeature.MultiQueue;

    // The key, addresses and hashes that Microsoft publishes to verify implementations ("Verifying the RSS Hash Calculation").
    private static readonly byte[] s_key = Convert.FromHexString(
        "6d5a56da255b0ec24167253d43a38fb0d0ca2bcbae7b30b477cb2da38030f20c6a42b73bbeac01fa");

    [Theory]
    [InlineData("420995bba18e6450", "0aea06e6", 0x323e8fc2u, 0x51ccc178u)]
    [InlineData("c75c6f0241458c53", "37961283", 0xd718262au, 0xc626b0eau)]
    [InlineData("1813c65f0c16cfb8", "32629488", 0xd2d0a5deu, 0x5c2b394au)]
    [InlineData("261bcd1ed18ea306", "bc6408a9", 0x82989176u, 0xafc7327fu)]
    [InlineData("9927a3bfcabc7f02", "acdb0517", 0x5d1809c5u, 0x10e828a2u)]
    [InlineData("3ffe250102001fff0000000000000007" + "3ffe2501020000030000000000000001", "0aea06e6", 0x2cc18cd5u, 0x40207d3du)]
    [InlineData("3ffe050100080000026097fffe40efab" + "ff020000000000000000000000000001", "37961283", 0x0f0c461cu, 0xdde51bbfu)]
    [InlineData("3ffe1900454500030200f8fffe2167cf" + "fe800000000000000200f8fffe2167cf", "acdb9488", 0x4b61e985u, 0x02d1feefu)]
    public void The_hash_is_the_published_one(string addresses, string ports, uint ofAddresses, uint ofAll)
    {
        var input = Convert.FromHexString(addresses);

        Assert.Equal(ofAddresses, ToeplitzHash.Of(s_key, input));
        Assert.Equal(ofAll, ToeplitzHash.Of(s_key, [.. input, .. Convert.FromHexString(ports)]));
    }

    [Fact]
    public void A_flow_comes_back_on_the_pair_that_it_was_sent_by()
    {
        var net = new NetDriver(Many, pairs: 4);
        for (var pair = 0; pair < 4; pair++)
            net.AddBuffers(4, 500, pair);
        Assert.True(net.Command(4, 0, 4, 0));
        for (var pair = 0; pair < 4; pair++)
            net.Send(Flow((ushort)(1000 + pair), 80, 1, 2), pair: pair);

        for (var pair = 0; pair < 4; pair++)
        {
            Assert.True(net.Receive(Flow(80, (ushort)(1000 + pair), 2, 1)));
            Assert.NotNull(net.TakeFrame(pair));
        }

        Assert.True(net.Command(4, 0, 1, 0));
        Assert.True(net.Receive(Flow(80, 1003, 2, 1)));
        Assert.NotNull(net.TakeFrame(0));
        Assert.False(net.Command(4, 0, 5, 0));
        Assert.False(net.Command(4, 0, 0, 0));
    }

    [Theory]
    [InlineData(0x3Fu, 0x51ccc178u, 2)]
    [InlineData(0x01u, 0x323e8fc2u, 1)]
    [InlineData(0x38u, 0u, 0)]
    public void A_table_decides_by_hash_which_is_reported(uint types, uint hash, int report)
    {
        var net = new NetDriver(Many | NetFeature.Rss | NetFeature.HashReport, pairs: 4);
        for (var pair = 0; pair < 4; pair++)
            net.AddBuffers(2, 500, pair);
        // Unclassified frames go to pair 3, the others by the two lowest bits of their hash: to 1, 2, 1, 0.
        Assert.True(net.Command(4, 1, Table(types, [1, 2, 1, 0], unclassified: 3)));
        var frame = Flow(0x0AEA, 0x06E6, 0, 0);
        Convert.FromHexString("420995bba18e6450").CopyTo(frame.AsSpan(26));

        Assert.True(net.Receive(frame));

        var pairOf = report == 0 ? 3 : (hash & 3) switch { 0 => 1, 1 => 2, 2 => 1, _ => 0 };
        var (header, arrived) = net.TakeFrame(pairOf)!.Value;
        Assert.Equal(frame, arrived);
        Assert.Equal(hash, BinaryPrimitives.ReadUInt32LittleEndian(header.AsSpan(12)));
        Assert.Equal(report, BinaryPrimitives.ReadUInt16LittleEndian(header.AsSpan(16)));
    }

    [Fact]
    public void Tables_that_make_no_sense_are_refused()
    {
        var net = new NetDriver(Many | NetFeature.Rss | NetFeature.HashReport, pairs: 4);
        var good = Table(0x3F, [0, 1, 2, 3], unclassified: 0);
        Assert.True(net.Command(4, 1, good));

        Assert.False(net.Command(4, 1, good[..^1]));
        Assert.False(net.Command(4, 1, Table(0x40, [0], 0)));
        Assert.False(net.Command(4, 1, Table(1, [0, 1, 2], 0)));
        Assert.False(net.Command(4, 1, Table(1, [4], 0)));
        Assert.False(net.Command(4, 1, Table(1, [0], 4)));
        Assert.False(net.Command(4, 1, Table(1, new ushort[256], 0)));
        Assert.False(net.Command(4, 2, [1, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 41, .. new byte[41]]));
        Assert.True(net.Command(4, 2, [1, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 40, .. s_key]));
    }

    [Fact]
    public void Without_several_pairs_the_third_queue_takes_commands()
    {
        var net = new NetDriver(NetFeature.ControlQueue | NetFeature.ControlReception, pairs: 4);

        Assert.Equal(3, net.Rings.Count);
        Assert.True(net.Command(0, 0, 0));
    }

    private static byte[] Table(uint types, ushort[] table, ushort unclassified)
    {
        var bytes = new byte[8 + 2 * table.Length];
        BinaryPrimitives.WriteUInt32LittleEndian(bytes, types);
        BinaryPrimitives.WriteUInt16LittleEndian(bytes.AsSpan(4), (ushort)(table.Length - 1));
        BinaryPrimitives.WriteUInt16LittleEndian(bytes.AsSpan(6), unclassified);
        for (var i = 0; i < table.Length; i++)
            BinaryPrimitives.WriteUInt16LittleEndian(bytes.AsSpan(8 + 2 * i), table[i]);
        return [.. bytes, 4, 0, 40, .. s_key];
    }

    private static byte[] Flow(ushort from, ushort to, byte fromHost, byte toHost)
    {
        var frame = LargeFrame.Tcp(version6: false, 0, 0, 0x10, new byte[20], 0).Bytes;
        (frame[29], frame[33]) = (fromHost, toHost);
        if (fromHost != 0)
            frame.AsSpan(26, 3).CopyTo(frame.AsSpan(30));
        BinaryPrimitives.WriteUInt16BigEndian(frame.AsSpan(34), from);
        BinaryPrimitives.WriteUInt16BigEndian(frame.AsSpan(36), to);
        return frame;
    }
}
