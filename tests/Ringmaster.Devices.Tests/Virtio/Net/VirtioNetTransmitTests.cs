using Ringmaster.Devices.Network;
using Ringmaster.Devices.Tests.Network;
using Ringmaster.Devices.Virtio;
using Ringmaster.Devices.Virtio.Net;

namespace Ringmaster.Devices.Tests.Virtio.Net;

public sealed class VirtioNetTransmitTests
{
    private const ulong Offloads = NetFeature.Checksum | NetFeature.HostTso4 | NetFeature.HostTso6 | NetFeature.HostEcn | NetFeature.HostUso;

    public static TheoryData<ulong> Rings => [0, VirtioFeature.EventIndex, VirtioFeature.PackedRings, VirtioFeature.PackedRings | VirtioFeature.EventIndex];

    [Theory]
    [MemberData(nameof(Rings))]
    public void Frames_go_out_in_order_however_they_are_cut(ulong ring)
    {
        var net = new NetDriver(ring, ringSize: 8);
        for (var i = 0; i < 100; i++)
        {
            var frame = NetDriver.Frame(NetDriver.Own, 60 + i, (byte)i);

            net.Send(frame, cuts: i % 3 == 0 ? [] : i % 3 == 1 ? [12] : [5, 40]);

            Assert.Equal(frame, net.Network.Sent[^1].Frame);
            Assert.Equal(0u, net.Rings[1].Take()?.Written);
        }
        Assert.Equal(100, net.Network.Sent.Count);
    }

    [Theory]
    [MemberData(nameof(Rings))]
    public void A_batch_interrupts_once_and_leaves_notifications_on(ulong ring)
    {
        var net = new NetDriver(ring);
        var packet = net.Driver.Place([.. new byte[12], .. NetDriver.Frame(NetDriver.Own, 60)]);
        net.Driver.Interrupts.Clear();
        for (var i = 0; i < 5; i++)
            net.Rings[1].Add((packet, 72, false));

        net.Driver.Notify(1);

        Assert.Equal(5, net.Network.Sent.Count);
        Assert.Equal([2], net.Driver.Interrupts);
        Assert.True(net.Rings[1].WantsNotification);
    }

    [Fact]
    public void A_network_that_takes_offloads_gets_frames_as_they_are()
    {
        var net = new NetDriver(Offloads);
        var large = LargeFrame.Tcp(version6: false, 0, 0, 0x90, new byte[20000], 1400);
        var offload = large.Offload with { Segmentation = FrameSegmentation.Tcp4 | FrameSegmentation.Ecn };

        net.Send(large.Bytes, offload);

        var (frame, sent) = Assert.Single(net.Network.Sent);
        Assert.Equal(large.Bytes, frame);
        Assert.Equal(offload, sent);
    }

    [Theory]
    [InlineData(false)]
    [InlineData(true)]
    public void A_network_that_does_not_gets_them_finished(bool version6)
    {
        var net = new NetDriver(Offloads, takesOffloads: false);
        var tcp = LargeFrame.Tcp(version6, 0, 0, 0x10, new byte[3000], 1400);
        var udp = LargeFrame.Udp(version6, 0, new byte[100], 1400);

        net.Send(tcp.Bytes, tcp.Offload);
        net.Send(udp.Bytes, udp.Offload with { Segmentation = FrameSegmentation.None });

        Assert.Equal(4, net.Network.Sent.Count);
        Assert.All(net.Network.Sent.Take(3), s => WireFrame.Parse(s.Frame).AssertValid());
        var last = net.Network.Sent[3].Frame;
        Assert.NotEqual(0, last[^102] << 8 | last[^101]);
    }

    [Fact]
    public void Many_large_frames_go_out_in_several_turns()
    {
        var net = new NetDriver(Offloads, takesOffloads: false);
        var large = LargeFrame.Tcp(version6: false, 0, 0, 0x10, new byte[8 * 600], 8);
        byte[] header = [1, 1, 54, 0, 8, 0, 34, 0, 16, 0, 0, 0];
        var packet = net.Driver.Place([.. header, .. large.Bytes]);
        for (var i = 0; i < 20; i++)
            net.Rings[1].Add((packet, header.Length + large.Bytes.Length, false));

        net.Driver.Notify(1);

        Assert.Equal(1200, net.Network.Sent.Count);
        net.Driver.Clock.Advance(1_000_000);
        Assert.Equal(12_000, net.Network.Sent.Count);
        for (var i = 0; i < 20; i++)
            Assert.NotNull(net.Rings[1].Take());
        Assert.True(net.Rings[1].WantsNotification);
    }

    public static TheoryData<string, FrameOffload> Nonsense => new()
    {
        { "checksum behind the end", new FrameOffload { NeedsChecksum = true, ChecksumStart = 59 } },
        { "checksum far behind the end", new FrameOffload { NeedsChecksum = true, ChecksumStart = 0xFFFF, ChecksumOffset = 0xFFFF } },
        { "pieces without checksum", new FrameOffload { Segmentation = FrameSegmentation.Tcp4, SegmentSize = 8 } },
        { "pieces of nothing", new FrameOffload { Segmentation = FrameSegmentation.Tcp4, NeedsChecksum = true } },
        { "unknown pieces", new FrameOffload { Segmentation = (FrameSegmentation)3, NeedsChecksum = true, SegmentSize = 8 } },
        { "a reduced window in datagrams", new FrameOffload { Segmentation = FrameSegmentation.Udp | FrameSegmentation.Ecn, NeedsChecksum = true, SegmentSize = 8 } },
    };

    [Theory]
    [MemberData(nameof(Nonsense))]
    public void Nonsense_is_lost_and_its_buffers_returned(string what, FrameOffload offload)
    {
        var net = new NetDriver(Offloads);

        net.Send(NetDriver.Frame(NetDriver.Own, 60), offload);

        Assert.True(net.Network.Sent.Count == 0, what);
        Assert.NotNull(net.Rings[1].Take());
        Assert.False(net.IsBroken);
    }

    [Fact]
    public void What_was_not_agreed_on_is_lost()
    {
        var net = new NetDriver(0);
        var large = LargeFrame.Tcp(version6: false, 0, 0, 0x10, new byte[3000], 1400);

        net.Send(large.Bytes, large.Offload);
        net.Send(large.Bytes, large.Offload with { Segmentation = FrameSegmentation.None });

        Assert.Empty(net.Network.Sent);
    }

    [Theory]
    [InlineData(0)]
    [InlineData(11)]
    [InlineData(25)]
    [InlineData(70_000)]
    public void Packets_of_absurd_lengths_are_lost(int length)
    {
        var net = new NetDriver(0);

        net.SendRaw(new byte[length]);

        Assert.Empty(net.Network.Sent);
        Assert.NotNull(net.Rings[1].Take());
    }

    [Fact]
    public void Packets_outside_ram_are_lost()
    {
        var net = new NetDriver(0);
        net.Rings[1].Add(((ulong)VirtioTestDriver.MemorySize - 20, 1000, false));
        net.Rings[1].Add((ulong.MaxValue - 100, 80, false));

        net.Driver.Notify(1);

        Assert.Empty(net.Network.Sent);
        Assert.NotNull(net.Rings[1].Take());
        Assert.NotNull(net.Rings[1].Take());
        Assert.False(net.IsBroken);
    }

    [Fact]
    public void Nothing_goes_out_while_the_link_is_down()
    {
        var net = new NetDriver(NetFeature.Status);
        Assert.Equal(1UL, net.Driver.ReadConfig(6, 2));

        net.Card.IsLinkUp = false;

        Assert.Equal(0UL, net.Driver.ReadConfig(6, 2));
        Assert.Equal([0], net.Driver.Interrupts);
        net.Send(NetDriver.Frame(NetDriver.Own, 60));
        Assert.Empty(net.Network.Sent);
        net.Card.IsLinkUp = true;
        net.Send(NetDriver.Frame(NetDriver.Own, 60));
        Assert.Single(net.Network.Sent);
    }
}
