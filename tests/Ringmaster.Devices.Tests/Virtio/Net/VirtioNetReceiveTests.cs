using System.Buffers.Binary;
using Ringmaster.Devices.Network;
using Ringmaster.Devices.Tests.Network;
using Ringmaster.Devices.Virtio;
using Ringmaster.Devices.Virtio.Net;

namespace Ringmaster.Devices.Tests.Virtio.Net;

public sealed class VirtioNetReceiveTests
{
    private const ulong Taken = NetFeature.GuestChecksum | NetFeature.GuestTso4 | NetFeature.GuestTso6 | NetFeature.GuestUso4 | NetFeature.GuestUso6;

    public static TheoryData<ulong> Rings => VirtioNetTransmitTests.Rings;

    [Theory]
    [MemberData(nameof(Rings))]
    public void A_frame_arrives_in_one_buffer(ulong ring)
    {
        var net = new NetDriver(ring, ringSize: 8);
        for (var i = 0; i < 50; i++)
        {
            net.AddBuffers(1, 1526);
            var frame = NetDriver.Frame(NetDriver.Own, 60 + i * 20, (byte)i);

            Assert.True(net.Receive(frame));

            var (header, arrived) = net.TakeFrame()!.Value;
            Assert.Equal(frame, arrived);
            Assert.Equal([0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 1, 0], header);
        }
        Assert.All(net.Driver.Interrupts, vector => Assert.Equal(1, vector));
        Assert.NotEmpty(net.Driver.Interrupts);
    }

    [Theory]
    [MemberData(nameof(Rings))]
    public void A_large_frame_is_merged_from_many(ulong ring)
    {
        var net = new NetDriver(ring | Taken | NetFeature.MergeableBuffers);
        var large = LargeFrame.Tcp(version6: false, 0, 0, 0x10, [.. Enumerable.Range(0, 30_000).Select(i => (byte)i)], 1400);
        for (var i = 0; i < 10; i++)
        {
            net.AddBuffers(30 + i, 1024);

            Assert.True(net.Receive(large.Bytes, large.Offload));

            var (header, arrived) = net.TakeFrame()!.Value;
            Assert.Equal(large.Bytes, arrived);
            Assert.Equal(30, BinaryPrimitives.ReadUInt16LittleEndian(header.AsSpan(10)));
            Assert.Equal((byte)FrameSegmentation.Tcp4, header[1]);
            while (net.Receive(NetDriver.Frame(NetDriver.Own, 100)))
                Assert.NotNull(net.TakeFrame());
        }
    }

    [Theory]
    [MemberData(nameof(Rings))]
    public void A_frame_without_room_is_refused_until_there_is_some(ulong ring)
    {
        var net = new NetDriver(ring | NetFeature.MergeableBuffers);
        net.AddBuffers(2, 100);
        var frame = NetDriver.Frame(NetDriver.Own, 400);
        var ready = net.Network.TimesReady;

        Assert.False(net.Receive(frame));
        Assert.Null(net.TakeFrame());
        Assert.Equal(ready, net.Network.TimesReady);
        Assert.True(net.Rings[0].WantsNotification);

        net.AddBuffers(3, 100);
        Assert.Equal(ready + 1, net.Network.TimesReady);
        Assert.True(net.Receive(frame));
        Assert.Equal(frame, net.TakeFrame()!.Value.Frame);
    }

    [Fact]
    public void Buffers_that_are_held_back_come_along_in_a_migration()
    {
        var net = new NetDriver(NetFeature.MergeableBuffers);
        net.AddBuffers(3, 100);
        var frame = NetDriver.Frame(NetDriver.Own, 500);
        Assert.False(net.Receive(frame));

        net.Migrate();
        net.AddBuffers(3, 100);

        Assert.True(net.Receive(frame));
        Assert.Equal(frame, net.TakeFrame()!.Value.Frame);
    }

    [Fact]
    public void A_frame_that_will_never_fit_is_lost()
    {
        var merging = new NetDriver(NetFeature.MergeableBuffers, ringSize: 16);
        merging.AddBuffers(16, 100);
        var single = new NetDriver(0);
        single.AddBuffers(1, 100);

        Assert.True(merging.Receive(NetDriver.Frame(NetDriver.Own, 5000)));
        Assert.True(single.Receive(NetDriver.Frame(NetDriver.Own, 500)));

        foreach (var net in new[] { merging, single })
        {
            Assert.Null(net.TakeFrame());
            Assert.True(net.Receive(NetDriver.Frame(NetDriver.Own, 80)));
            Assert.Equal(80, net.TakeFrame()!.Value.Frame.Length);
        }
    }

    [Theory]
    [InlineData(0UL, 3)]
    [InlineData(Taken & ~NetFeature.GuestTso4, 3)]
    [InlineData(Taken, 1)]
    [InlineData(Taken & ~NetFeature.GuestChecksum, 3)]
    public void Frames_arrive_finished_unless_the_driver_takes_them_otherwise(ulong taken, int count)
    {
        var net = new NetDriver(taken | NetFeature.MergeableBuffers);
        net.AddBuffers(40, 1526);
        var large = LargeFrame.Tcp(version6: false, 0, 0, 0x10, new byte[4000], 1400);

        Assert.True(net.Receive(large.Bytes, large.Offload));

        var frames = new List<byte[]>();
        while (net.TakeFrame() is var (header, frame))
        {
            frames.Add(frame);
            Assert.Equal(count == 1 ? 1 : (taken & NetFeature.GuestChecksum) != 0 ? 2 : 0, header[0]);
        }
        Assert.Equal(count, frames.Count);
        if (count > 1)
            Assert.All(frames, f => WireFrame.Parse(f).AssertValid());
    }

    [Fact]
    public void A_reduced_window_is_left_to_drivers_that_know_it()
    {
        var frame = LargeFrame.Tcp(version6: true, 0, 0, 0x90, new byte[3000], 1400);
        var offload = frame.Offload with { Segmentation = FrameSegmentation.Tcp6 | FrameSegmentation.Ecn };
        var (knows, doesNot) = (new NetDriver(Taken | NetFeature.GuestEcn | NetFeature.MergeableBuffers), new NetDriver(Taken | NetFeature.MergeableBuffers));
        knows.AddBuffers(8, 1526);
        doesNot.AddBuffers(8, 1526);

        Assert.True(knows.Receive(frame.Bytes, offload));
        Assert.True(doesNot.Receive(frame.Bytes, offload));

        Assert.Equal(0x84, knows.TakeFrame()!.Value.Header[1]);
        Assert.Equal(0, doesNot.TakeFrame()!.Value.Header[1]);
    }

    [Fact]
    public void A_cut_frame_with_room_for_some_pieces_is_taken()
    {
        var net = new NetDriver(0);
        net.AddBuffers(2, 1526);
        var large = LargeFrame.Tcp(version6: false, 0, 0, 0x10, new byte[4000], 1400);

        Assert.True(net.Receive(large.Bytes, large.Offload));
        Assert.False(net.Receive(large.Bytes, large.Offload));

        Assert.NotNull(net.TakeFrame());
        Assert.NotNull(net.TakeFrame());
        Assert.Null(net.TakeFrame());
    }

    [Theory]
    [InlineData(8, 0x1000UL)]
    [InlineData(2000, (ulong)VirtioTestDriver.MemorySize - 50)]
    [InlineData(2000, 0xFFFF_FFFF_F000UL)]
    public void Buffers_that_break_the_rules_stop_the_device(int length, ulong address)
    {
        var net = new NetDriver(NetFeature.MergeableBuffers);
        net.Rings[0].Add((address, length, true));
        net.Driver.Notify(0);

        Assert.True(net.Receive(NetDriver.Frame(NetDriver.Own, 100)));

        Assert.True(net.IsBroken);
        Assert.Equal([0], net.Driver.Interrupts);
        Assert.True(net.Receive(NetDriver.Frame(NetDriver.Own, 100)));
    }

    [Fact]
    public void A_legacy_driver_has_the_short_header()
    {
        Assert.Equal(10, NetHeader.LengthFor(0));
        Assert.Equal(12, NetHeader.LengthFor(NetFeature.MergeableBuffers));
        Assert.Equal(12, NetHeader.LengthFor(VirtioFeature.Version1));
        Assert.Equal(20, NetHeader.LengthFor(VirtioFeature.Version1 | NetFeature.HashReport));
    }

    [Fact]
    public void A_queue_that_is_reset_forgets_its_buffers_and_nothing_else()
    {
        var net = new NetDriver(VirtioFeature.RingReset | NetFeature.MergeableBuffers | NetFeature.ControlQueue | NetFeature.ControlReception);
        Assert.True(net.Command(0, 0, 0));
        net.AddBuffers(2, 100);
        Assert.False(net.Receive(NetDriver.Frame(NetDriver.Own, 400)));

        net.Driver.ResetQueue(0);

        Assert.True(net.Receive(NetDriver.Frame(NetDriver.Own, 400)));
        var ring = net.Driver.SetUp(0, 8);
        var buffer = net.Driver.Allocate(1526);
        ring.Add((buffer, 1526, true));
        Assert.True(net.Receive(NetDriver.Frame(new MacAddress(0x0200_0000_0001), 60)));
        Assert.Null(ring.Take());
        Assert.True(net.Receive(NetDriver.Frame(NetDriver.Own, 60)));
        Assert.Equal(72u, ring.Take()?.Written);
    }

    [Fact]
    public void Frames_are_lost_before_the_driver_is_ready()
    {
        var card = new VirtioNet(new VirtioNetOptions(NetDriver.Own), new RecordingNetwork(true));
        var driver = new VirtioTestDriver(() => card, VirtioNet.PciClass);
        driver.Negotiate(VirtioFeature.Version1);

        Assert.True(card.Receive(NetDriver.Frame(NetDriver.Own, 60), FrameOffload.None));
    }
}
