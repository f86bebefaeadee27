using FsCheck;
using FsCheck.Fluent;
using Ringmaster.Devices.Virtio;
using Ringmaster.Memory;

namespace Ringmaster.Devices.Tests.Virtio.Rings;

public sealed class RingPropertyTests
{
    private static readonly Gen<(RingSetting Setting, int Seed)> s_cases =
        from setting in RingSetting.All
        from seed in Gen.Choose(0, int.MaxValue - 1)
        select (setting, seed);

    [Fact]
    public void What_is_made_available_comes_once_in_order_and_whole_and_nobody_waits_in_vain() =>
        Prop.ForAll(s_cases.ToArbitrary(), one =>
        {
            var traffic = new RingTraffic(one.Setting, one.Seed);
            for (var i = 0; i < 300; i++)
                traffic.Step();
            traffic.Finish();
        }).Check(Config.QuickThrowOnFailure.WithMaxTest(400));

    [Fact]
    public void A_ring_that_is_reset_begins_anew() =>
        Prop.ForAll(s_cases.Where(c => !c.Setting.IsLegacy).ToArbitrary(), one =>
        {
            var traffic = new RingTraffic(one.Setting, one.Seed);
            for (var round = 0; round < 4; round++)
            {
                for (var i = 0; i < 40; i++)
                    traffic.Step();
                traffic.ResetRing();
            }
            traffic.Finish();
        }).Check(Config.QuickThrowOnFailure.WithMaxTest(100));

    [Theory]
    [InlineData(false, false)]
    [InlineData(false, true)]
    [InlineData(true, false)]
    [InlineData(true, true)]
    public void Indices_wrap_around(bool isPacked, bool hasEventIndex)
    {
        var device = new HoldingDevice();
        var board = new VirtioBoard(device);
        board.Negotiate((hasEventIndex ? VirtioBoard.Event : 0) | (isPacked ? VirtioBoard.Packed : 0));
        DriverRing ring = isPacked ? new PackedDriverRing(board.Memory, 5, 0x4000, hasEventIndex) : new SplitDriverRing(board.Memory, 4, 0x4000, hasEventIndex);
        board.Enable(0, ring);
        board.Ready();

        for (var i = 0; i < 70_000; i++)
        {
            Assert.False(ring.Want(true));
            var id = ring.Add([new DriverBuffer(0x8000, 4, false), new DriverBuffer(0x9000, 4, true)], null);
            Assert.True(ring.MustNotify());
            board.Notify(0);
            device.Return(0);
            Assert.True(board.WasInterrupted());
            Assert.Equal((id!.Value, 4u), ring.Take());
            device.Seen.Clear();
        }
    }

    [Theory]
    [InlineData(false)]
    [InlineData(true)]
    public void A_driver_that_waits_for_the_last_of_many_chains_is_told_of_it(bool isPacked)
    {
        var device = new HoldingDevice();
        var board = new VirtioBoard(device);
        board.Negotiate(VirtioBoard.Event | (isPacked ? VirtioBoard.Packed : 0));
        DriverRing ring = isPacked ? new PackedDriverRing(board.Memory, 4, 0x4000, true) : new SplitDriverRing(board.Memory, 4, 0x4000, true);
        board.Enable(0, ring);
        board.Ready();

        Pass(notify: true);
        ring.Take();
        board.WasInterrupted();

        // The device returns two whole turns before it looks whether the driver wants to know, which it does only then.
        for (var i = 0; i < 7; i++)
        {
            Pass(notify: false);
            ring.Take();
        }
        Assert.False(ring.Want(true));
        Pass(notify: true);

        void Pass(bool notify)
        {
            ring.Add([new DriverBuffer(0x8000, 4, false)], null);
            board.Notify(0);
            device.Return(0, notify);
        }

        Assert.True(board.WasInterrupted());
    }

    [Theory]
    [InlineData(false)]
    [InlineData(true)]
    public void A_device_that_has_returned_nothing_does_not_interrupt(bool hasEventIndex)
    {
        var device = new HoldingDevice();
        var board = new VirtioBoard(device);
        board.Negotiate(hasEventIndex ? VirtioBoard.Event : 0);
        board.Enable(0, new SplitDriverRing(board.Memory, 4, 0x4000, hasEventIndex));
        board.Ready();

        board.Device.Core.Queues[0].Notify();

        Assert.False(board.WasInterrupted());
    }

    [Fact]
    public void What_a_device_returns_after_the_ring_was_reset_is_ignored()
    {
        var device = new HoldingDevice();
        var board = new VirtioBoard(device);
        board.Negotiate(VirtioBoard.RingReset);
        var ring = new SplitDriverRing(board.Memory, 4, 0x4000, false);
        board.Enable(0, ring);
        board.Ready();
        ring.Add([new DriverBuffer(0x8000, 4, false)], null);
        board.Notify(0);
        var stale = device.Held[0];
        board.ResetQueue(0);
        board.Memory.Window(new GuestPhysicalAddress(0x4000), 0x2000).Clear();
        var fresh = new SplitDriverRing(board.Memory, 4, 0x4000, false);
        board.Enable(0, fresh);
        fresh.Add([new DriverBuffer(0x8000, 4, false)], null);
        board.Notify(0);

        stale.Queue.ReturnAndNotify(stale.Chain, 0);

        Assert.Null(fresh.Take());
        Assert.Equal(1, stale.Queue.InFlight);
    }

    [Fact]
    public void The_reset_of_one_ring_loses_nothing_of_another()
    {
        var device = new HoldingDevice();
        var board = new VirtioBoard(device);
        board.Negotiate(VirtioBoard.RingReset);
        SplitDriverRing[] rings = [new(board.Memory, 4, 0x4000, false), new(board.Memory, 4, 0x8000, false)];
        for (var i = 0; i < 2; i++)
            board.Enable(i, rings[i]);
        board.Ready();
        for (var i = 0; i < 2; i++)
        {
            rings[i].Add([new DriverBuffer(0x1_0000, 4, false)], null);
            board.Notify(i);
        }

        board.ResetQueue(0);

        Assert.Equal(1, Assert.Single(device.Held).Queue.Index);
        device.Return(0);
        Assert.NotNull(rings[1].Take());
    }

    [Fact]
    public void A_legacy_driver_need_not_accept_features()
    {
        var device = new HoldingDevice();
        var board = new VirtioBoard(device, isLegacy: true);
        board.SetStatus(3);
        var ring = new SplitDriverRing(board.Memory, 16, 0x4000, false);
        board.Enable(0, ring);
        board.Ready();

        ring.Add([new DriverBuffer(0x1_0000, 4, false)], null);
        board.Notify(0);

        Assert.Equal(1, device.Starts);
        Assert.Single(device.Held);
    }

    [Fact]
    public void A_legacy_driver_that_takes_a_ring_away_takes_its_chains_from_the_device()
    {
        var device = new HoldingDevice();
        var board = new VirtioBoard(device, isLegacy: true);
        board.Negotiate(0);
        var ring = new SplitDriverRing(board.Memory, 16, 0x4000, false);
        board.Enable(0, ring);
        board.Ready();
        ring.Add([new DriverBuffer(0x1_0000, 4, false)], null);
        board.Notify(0);

        board.Device.Pci.Bars[0].Registers.Write(8, 4, 0);

        Assert.Empty(device.Held);
        Assert.False(board.Status.HasFlag(VirtioStatus.NeedsReset));
    }
}
