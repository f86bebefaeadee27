using Ringmaster.Devices.Bus;
using Ringmaster.Memory;

namespace Ringmaster.Devices.Tests.Bus;

public sealed class PortBusTests
{
    private readonly PortBus _bus = new();

    [Theory]
    [InlineData(1, 0xFFu)]
    [InlineData(2, 0xFFFFu)]
    [InlineData(4, 0xFFFF_FFFFu)]
    public void Ports_without_device_read_as_ones_and_swallow_writes(int size, uint expected)
    {
        _bus.Write(new IoPort(0x1234), size, 0);

        Assert.Equal(expected, _bus.Read(new IoPort(0x1234), size));
        Assert.Equal(expected, _bus.Read(new IoPort(0xFFFF), size));
    }

    [Theory]
    [InlineData(1, 0x10, 1, 0x10u, "in 0x10/1")]
    [InlineData(1, 0x10, 2, 0x1110u, "in 0x10/1 in 0x11/1")]
    [InlineData(1, 0x10, 4, 0x13121110u, "in 0x10/1 in 0x11/1 in 0x12/1 in 0x13/1")]
    [InlineData(2, 0x10, 4, 0x13121110u, "in 0x10/2 in 0x12/2")]
    [InlineData(4, 0x10, 4, 0x13121110u, "in 0x10/4")]
    [InlineData(4, 0x11, 2, 0x1211u, "in 0x11/2")]
    [InlineData(4, 0x16, 4, 0xFFFF1716u, "in 0x16/2")]
    [InlineData(4, 0x0F, 2, 0x10FFu, "in 0x10/1")]
    public void Reads_are_cut_to_what_the_device_takes_and_to_its_range(int maxAccess, ushort port, int size, uint expected, string accesses)
    {
        var device = new LatchDevice("a", [new PortRange(new IoPort(0x10), 8, maxAccess)]);
        _bus.Attach(device);

        var value = _bus.Read(new IoPort(port), size);

        Assert.Equal(expected, value);
        Assert.Equal(accesses, string.Join(' ', device.Accesses));
    }

    [Theory]
    [InlineData(1, 0x10, 4, "out 0x10/1=44 out 0x11/1=33 out 0x12/1=22 out 0x13/1=11")]
    [InlineData(4, 0x10, 4, "out 0x10/4=11223344")]
    [InlineData(4, 0x10, 1, "out 0x10/1=44")]
    [InlineData(2, 0x0E, 4, "out 0x10/2=1122")]
    public void Writes_are_cut_likewise(int maxAccess, ushort port, int size, string accesses)
    {
        var device = new LatchDevice("a", [new PortRange(new IoPort(0x10), 8, maxAccess)]);
        _bus.Attach(device);

        _bus.Write(new IoPort(port), size, 0x11223344);

        Assert.Equal(accesses, string.Join(' ', device.Accesses));
    }

    [Fact]
    public void One_access_can_reach_two_devices()
    {
        var low = new LatchDevice("low", [new PortRange(new IoPort(0x20), 2)]);
        var high = new LatchDevice("high", [new PortRange(new IoPort(0x22), 2, 2)]);
        _bus.Attach(low);
        _bus.Attach(high);

        var value = _bus.Read(new IoPort(0x20), 4);

        Assert.Equal(0x23222120u, value);
        Assert.Equal(["in 0x22/2"], high.Accesses);
    }

    [Fact]
    public void A_conflict_names_both_devices_and_leaves_the_bus_as_it_was()
    {
        _bus.Attach(new LatchDevice("first", [new PortRange(new IoPort(0x60), 1)]));
        var second = new LatchDevice("second", [new PortRange(new IoPort(0x50), 1), new PortRange(new IoPort(0x5F), 2)]);

        var error = Assert.Throws<BusConflictException>(() => _bus.Attach(second));

        Assert.Contains("first", error.Message, StringComparison.Ordinal);
        Assert.Contains("second", error.Message, StringComparison.Ordinal);
        Assert.Equal(0xFFu, _bus.Read(new IoPort(0x50), 1));
    }
}
