using Ringmaster.Devices.Bus;
using Ringmaster.Memory;

namespace Ringmaster.Devices.Tests.Bus;

public sealed class MmioBusTests
{
    private readonly MmioBus _bus = new();

    [Theory]
    [InlineData(1, 0xFFUL)]
    [InlineData(3, 0xFFFFFFUL)]
    [InlineData(8, ulong.MaxValue)]
    public void Addresses_without_device_read_as_ones_and_swallow_writes(int size, ulong expected)
    {
        _bus.Write(new GuestPhysicalAddress(0x1000), size, 0);

        Assert.Equal(expected, _bus.Read(new GuestPhysicalAddress(0x1000), size));
    }

    [Theory]
    [InlineData(0x1010, 8, 0x1716151413121110UL, "load 0x1010/8")]
    [InlineData(0x1011, 3, 0x131211UL, "load 0x1011/3")]
    [InlineData(0x101E, 4, 0xFFFF1F1EUL, "load 0x101e/1 load 0x101f/1")]
    [InlineData(0x100F, 2, 0x10FFUL, "load 0x1010/1")]
    public void Loads_reach_the_device_whole_if_its_range_holds_them(ulong address, int size, ulong expected, string accesses)
    {
        var device = new LatchDevice("a", memory: [new MmioRange(new GuestPhysicalAddress(0x1010), 0x10)]);
        _bus.Attach(device);

        var value = _bus.Read(new GuestPhysicalAddress(address), size);

        Assert.Equal(expected, value);
        Assert.Equal(accesses, string.Join(' ', device.Accesses));
    }

    [Theory]
    [InlineData(0x1010, 4, "store 0x1010/4=55667788")]
    [InlineData(0x101F, 2, "store 0x101f/1=88")]
    [InlineData(0x100E, 4, "store 0x1010/1=66 store 0x1011/1=55")]
    public void Stores_are_masked_and_cut_likewise(ulong address, int size, string accesses)
    {
        var device = new LatchDevice("a", memory: [new MmioRange(new GuestPhysicalAddress(0x1010), 0x10)]);
        _bus.Attach(device);

        _bus.Write(new GuestPhysicalAddress(address), size, 0x1122334455667788);

        Assert.Equal(accesses, string.Join(' ', device.Accesses));
    }

    [Fact]
    public void Many_devices_are_told_apart_in_any_order_of_attachment()
    {
        var devices = new[] { 5, 1, 4, 2, 3 }.Select(i => new LatchDevice($"{i}", memory: [Page(i)])).ToArray();
        foreach (var device in devices)
            _bus.Attach(device);

        foreach (var i in Enumerable.Range(1, 5))
            _bus.Read(new GuestPhysicalAddress((ulong)i << 12), 4);

        Assert.All(devices, device => Assert.Equal([$"load 0x{device.Name}000/4"], device.Accesses));
        static MmioRange Page(int number) => new(new GuestPhysicalAddress((ulong)number << 12), 0x1000);
    }

    [Fact]
    public void A_conflict_names_both_devices_and_leaves_the_bus_as_it_was()
    {
        _bus.Attach(new LatchDevice("first", memory: [new MmioRange(new GuestPhysicalAddress(0x2000), 0x1000)]));
        var second = new LatchDevice(
            "second", memory: [new MmioRange(new GuestPhysicalAddress(0x5000), 8), new MmioRange(new GuestPhysicalAddress(0x1FFF), 2)]);

        var error = Assert.Throws<BusConflictException>(() => _bus.Attach(second));

        Assert.Contains("first", error.Message, StringComparison.Ordinal);
        Assert.Contains("second", error.Message, StringComparison.Ordinal);
        Assert.Equal(0xFFUL, _bus.Read(new GuestPhysicalAddress(0x5000), 1));
    }
}
