using Ringmaster.Devices.Network;
using Ringmaster.Devices.Virtio;
using Ringmaster.Devices.Virtio.Net;

namespace Ringmaster.Devices.Tests.Virtio.Net;

public sealed class VirtioNetControlTests
{
    private const ulong Controls = NetFeature.ControlQueue | NetFeature.ControlReception | NetFeature.ControlReceptionExtra | NetFeature.ControlVlan
        | NetFeature.ControlMac | NetFeature.ControlGuestOffloads | NetFeature.GuestAnnounce | NetFeature.Status | NetFeature.GuestChecksum;

    private const byte On = 1, Off = 0;

    private static readonly MacAddress s_other = new(0x0200_0000_0001), s_group = new(0x0100_5E00_0001), s_all = new(0xFFFF_FFFF_FFFF);

    [Fact]
    public void The_configuration_tells_address_pairs_and_packet_size()
    {
        var net = new NetDriver(Controls, pairs: 4);

        Assert.Equal(0x5634_1200_5452UL, net.Driver.ReadConfig(0, 4) | net.Driver.ReadConfig(4, 2) << 32);
        Assert.Equal(4UL, net.Driver.ReadConfig(8, 2));
        Assert.Equal(1400UL, net.Driver.ReadConfig(10, 2));
        Assert.Equal(40UL, net.Driver.ReadConfig(17, 1));
        Assert.Equal(128UL, net.Driver.ReadConfig(18, 2));
        Assert.Equal(0x3FUL, net.Driver.ReadConfig(20, 4));
    }

    [Fact]
    public void Everything_passes_until_the_driver_says_otherwise()
    {
        var net = new NetDriver(Controls);

        Assert.True(Passes(net, s_other));
        Assert.True(net.Command(0, 0, Off));
        Assert.False(Passes(net, s_other));
        Assert.False(Passes(net, s_group));
        Assert.True(Passes(net, NetDriver.Own));
        Assert.True(Passes(net, s_all));
    }

    [Fact]
    public void Modes_let_through_and_keep_out()
    {
        var net = new NetDriver(Controls);
        Assert.True(net.Command(0, 0, Off));

        Assert.True(net.Command(0, 1, On));
        Assert.True(Passes(net, s_group));
        Assert.True(net.Command(0, 3, On));
        Assert.False(Passes(net, s_group));
        Assert.True(net.Command(0, 2, On));
        Assert.True(Passes(net, s_other));
        Assert.True(net.Command(0, 4, On));
        Assert.False(Passes(net, NetDriver.Own));
        Assert.True(net.Command(0, 5, On));
        Assert.False(Passes(net, s_all));
        Assert.False(net.Command(0, 6, On));
        Assert.False(net.Command(0, 5));
    }

    [Fact]
    public void Addresses_in_the_tables_pass_and_tables_too_long_let_all_through()
    {
        var net = new NetDriver(Controls);
        Assert.True(net.Command(0, 0, Off));

        Assert.True(net.Command(1, 0, [1, 0, 0, 0, 2, 0, 0, 0, 0, 1, 1, 0, 0, 0, 1, 0, 0x5E, 0, 0, 1]));
        Assert.True(Passes(net, s_other));
        Assert.True(Passes(net, s_group));
        Assert.False(Passes(net, new MacAddress(0x0200_0000_0002)));

        Assert.True(net.Command(1, 0, [0, 0, 0, 0, 100, 0, 0, 0, .. new byte[600]]));
        Assert.False(Passes(net, s_other));
        Assert.True(Passes(net, s_group));

        Assert.False(net.Command(1, 0, [0xFF, 0xFF, 0xFF, 0xFF, 0, 0, 0, 0]));
        Assert.False(net.Command(1, 0, [1, 0, 0, 0, 1]));
        Assert.True(Passes(net, s_group));
    }

    [Fact]
    public void The_address_can_be_changed_until_the_next_reset()
    {
        var net = new NetDriver(Controls);
        Assert.True(net.Command(0, 0, Off));

        Assert.True(net.Command(1, 1, [2, 0, 0, 0, 0, 1]));

        Assert.True(Passes(net, s_other));
        Assert.False(Passes(net, NetDriver.Own));
        Assert.Equal(s_other, net.Card.Mac);
        net.Driver.Registers.Write(20, 1, 0);
        Assert.Equal(NetDriver.Own, net.Card.Mac);
    }

    [Fact]
    public void Vlans_pass_that_were_added()
    {
        var net = new NetDriver(Controls);
        Assert.True(net.Command(0, 0, Off));

        Assert.True(net.Command(2, 0, 0x05, 0x01));
        Assert.True(Passes(net, NetDriver.Own, vlan: 0x105));
        Assert.False(Passes(net, NetDriver.Own, vlan: 0x106));
        Assert.True(net.Command(2, 1, 0x05, 0x01));
        Assert.False(Passes(net, NetDriver.Own, vlan: 0x105));
        Assert.False(net.Command(2, 0, 0x00, 0x10));
    }

    [Fact]
    public void An_announcement_is_asked_for_and_acknowledged()
    {
        var net = new NetDriver(Controls);

        net.Card.Announce();

        Assert.Equal([0], net.Driver.Interrupts);
        Assert.Equal(3UL, net.Driver.ReadConfig(6, 2));
        Assert.True(net.Command(3, 0));
        Assert.Equal(1UL, net.Driver.ReadConfig(6, 2));
    }

    [Fact]
    public void The_driver_can_change_what_it_takes()
    {
        var net = new NetDriver(Controls);
        var udp = Devices.Tests.Network.LargeFrame.Udp(version6: false, 0, new byte[100], 0);
        var offload = udp.Offload with { Segmentation = FrameSegmentation.None };
        net.AddBuffers(4, 500);

        Assert.True(net.Receive(udp.Bytes, offload));
        Assert.Equal(1, net.TakeFrame()!.Value.Header[0]);
        Assert.True(net.Command(5, 0, 0, 0, 0, 0, 0, 0, 0, 0));
        Assert.True(net.Receive(udp.Bytes, offload));
        Assert.Equal(0, net.TakeFrame()!.Value.Header[0]);
        Assert.False(net.Command(5, 0, 0x80, 0, 0, 0, 0, 0, 0, 0));
    }

    [Fact]
    public void What_was_not_agreed_on_is_refused()
    {
        var net = new NetDriver(NetFeature.ControlQueue);

        Assert.False(net.Command(0, 0, Off));
        Assert.False(net.Command(1, 1, [2, 0, 0, 0, 0, 1]));
        Assert.False(net.Command(2, 0, 1, 0));
        Assert.False(net.Command(3, 0));
        Assert.False(net.Command(4, 0, 1, 0));
        Assert.False(net.Command(5, 0, 0, 0, 0, 0, 0, 0, 0, 0));
        Assert.False(net.Command(77, 0));
    }

    [Fact]
    public void Settings_come_along_in_a_migration()
    {
        var net = new NetDriver(Controls | VirtioFeature.PackedRings);
        Assert.True(net.Command(0, 0, Off));
        Assert.True(net.Command(1, 1, [2, 0, 0, 0, 0, 1]));
        Assert.True(net.Command(2, 0, 5, 0));
        net.Card.IsLinkUp = false;

        net.Migrate();

        Assert.False(net.Card.IsLinkUp);
        net.Card.IsLinkUp = true;
        Assert.True(Passes(net, s_other, vlan: 5));
        Assert.False(Passes(net, NetDriver.Own));
    }

    private static bool Passes(NetDriver net, MacAddress to, ushort? vlan = null)
    {
        var frame = NetDriver.Frame(to, 64);
        if (vlan is { } tag)
            (frame[12], frame[13], frame[14], frame[15]) = (0x81, 0, (byte)(tag >> 8 | 0xA0), (byte)tag);
        net.AddBuffers(1, 200);
        Assert.True(net.Receive(frame));
        return net.TakeFrame() is not null;
    }
}
