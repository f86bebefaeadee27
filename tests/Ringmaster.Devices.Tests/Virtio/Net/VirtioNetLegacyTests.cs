using Ringmaster.Devices.Network;
using Ringmaster.Devices.Tests.Network;
using Ringmaster.Devices.Virtio.Net;

namespace Ringmaster.Devices.Tests.Virtio.Net;

/// <summary>A driver of before virtio 1: I/O ports, interrupts by pin, a header of ten bytes (virtio 1.2 section 4.1.4.10).</summary>
public sealed class VirtioNetLegacyTests
{
    private const int Accepted = 4, QueueAddress = 8, QueueSize = 12, QueueSelector = 14, QueueNotify = 16, Status = 18, Interrupts = 19, OwnConfig = 20;
    private const int HeaderLength = 10, RingSize = 256;

    [Fact]
    public void Frames_go_both_ways_with_the_short_header()
    {
        var network = new RecordingNetwork(takesOffloads: true);
        var card = new VirtioNet(new VirtioNetOptions(NetDriver.Own), network);
        var driver = new VirtioTestDriver(() => card, VirtioNet.PciClass);
        var ports = driver.Device.Pci.Bars.Single(b => b.Index == 0).Registers;
        ports.Write(Status, 1, 3);
        ports.Write(Accepted, 4, NetFeature.Mac | NetFeature.Status);
        var rings = new TestRing[2];
        for (var i = 0; i < rings.Length; i++)
        {
            var start = driver.Allocate(0x3000);
            rings[i] = new SplitTestRing(driver.Memory, start, RingSize, hasEvents: false);
            ports.Write(QueueSelector, 2, (ulong)i);
            Assert.Equal((ulong)RingSize, ports.Read(QueueSize, 2));
            ports.Write(QueueAddress, 4, start >> 12);
        }
        ports.Write(Status, 1, 7);
        var frame = NetDriver.Frame(NetDriver.Own, 77);

        rings[1].Add((driver.Place(new byte[HeaderLength]), HeaderLength, false), (driver.Place(frame), frame.Length, false));
        ports.Write(QueueNotify, 2, 1);

        Assert.Equal(frame, Assert.Single(network.Sent).Frame);
        Assert.True(driver.Line.IsAsserted);
        Assert.Equal(1UL, ports.Read(Interrupts, 1));
        Assert.False(driver.Line.IsAsserted);
        var (header, buffer) = (driver.Allocate(HeaderLength), driver.Allocate(1514));
        rings[0].Add((header, HeaderLength, true), (buffer, 1514, true));
        ports.Write(QueueNotify, 2, 0);
        Assert.True(card.Receive(frame, FrameOffload.None));
        Assert.Equal((uint)(HeaderLength + frame.Length), rings[0].Take()?.Written);
        Assert.Equal(frame, driver.Read(buffer, frame.Length));
        Assert.True(driver.Line.IsAsserted);
    }

    [Fact]
    public void The_address_is_set_in_the_configuration()
    {
        var card = new VirtioNet(new VirtioNetOptions(NetDriver.Own), new RecordingNetwork(takesOffloads: true));
        var driver = new VirtioTestDriver(() => card, VirtioNet.PciClass);
        var ports = driver.Device.Pci.Bars.Single(b => b.Index == 0).Registers;

        for (var i = 0; i < MacAddress.Size; i++)
            ports.Write((ulong)(OwnConfig + i), 1, (ulong)(2 * i));

        Assert.Equal(new MacAddress(0x0002_0406_080A), card.Mac);
    }
}
