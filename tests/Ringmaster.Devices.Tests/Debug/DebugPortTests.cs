using Ringmaster.Devices.Bus;
using Ringmaster.Devices.Debug;
using Ringmaster.Devices.Tests.Bus;
using Ringmaster.Devices.Tests.Contract;
using Ringmaster.Memory;

namespace Ringmaster.Devices.Tests.Debug;

public sealed class DebugPortTests
{
    private readonly TestWiring _wiring = new();
    private readonly List<byte> _written = [];
    private readonly TestDevice _device;
    private readonly GuestPorts _ports;

    public DebugPortTests()
    {
        _device = new TestDevice(gsi => _wiring.Line($"gsi{gsi}"), 0x1_2345_6000, _written.Add);
        _ports = new GuestPorts(_device);
    }

    [Theory]
    [InlineData(0xF4, 1, 0u, 1)]
    [InlineData(0xF4, 4, 0x10u, 0x21)]
    [InlineData(0xF6, 1, 3u, 7)]
    [InlineData(0xF4, 4, 0xFFFF_FFFFu, -1)]
    public void The_exit_port_asks_for_an_odd_status(int port, int size, uint value, int status)
    {
        var statuses = new List<int>();
        var ports = new GuestPorts(new IsaDebugExit(statuses.Add));

        ports.Out(port, size, value);

        Assert.Equal([status], statuses);
    }

    [Theory]
    [InlineData(0x501, 2, 0x502, 1)]
    [InlineData(0x501, 2, 0x503, 0)]
    public void The_exit_port_can_lie_elsewhere(int first, int count, int port, int exits)
    {
        var statuses = new List<int>();
        var ports = new GuestPorts(new IsaDebugExit(statuses.Add, (ushort)first, count));

        ports.Out(port, 0);

        Assert.Equal(exits, statuses.Count);
    }

    [Fact]
    public void The_debug_console_announces_itself_and_takes_characters()
    {
        var ports = new GuestPorts(new DebugConsole(_written.Add));

        ports.Out(0xE9, 'h');
        ports.Out(0xE9, 'i');

        Assert.Equal("hi"u8.ToArray(), _written);
        Assert.Equal(0xE9, ports.In(0xE9));
    }

    [Fact]
    public void The_test_device_holds_data_in_all_sizes()
    {
        _ports.Out(0xE0, 4, 0x12345678);
        Assert.Equal(0x12345678u, _ports.In(0xE0, 4));
        Assert.Equal(0x5678u, _ports.In(0xE0, 2));
        Assert.Equal(0x34u, _ports.In(0xE2, 1));
        Assert.Equal(0x12345678u, _ports.In(0xE8, 4));

        _ports.Out(0xE1, 1, 0xAB);
        _ports.Out(0xEA, 2, 0xCDEF);

        Assert.Equal(0xCDEFAB78u, _ports.In(0xE0, 4));
    }

    [Fact]
    public void The_test_device_tells_the_memory_size_and_takes_characters()
    {
        _ports.Out(0xF1, 'x');

        Assert.Equal(0x23456000u, _ports.In(0xD1, 4));
        Assert.Equal("x"u8.ToArray(), _written);
    }

    [Fact]
    public void The_test_device_drives_the_line_that_the_port_names()
    {
        _ports.Out(0x2000, 1);
        _ports.Out(0x2017, 1);
        Assert.Equal(["gsi0", "gsi23"], _wiring.RaisedLines);

        _ports.Out(0x2000, 0);
        Assert.Equal(["gsi23"], _wiring.RaisedLines);

        _device.Reset();
        Assert.Empty(_wiring.RaisedLines);
    }

    [Theory]
    [InlineData(0xFF00_0000, 8, 0x1122334455667788UL)]
    [InlineData(0xFF00_0123, 3, 0x112233UL)]
    [InlineData(0xFF00_FFFF, 1, 0x5AUL)]
    public void The_test_device_has_memory_for_any_access(ulong address, int size, ulong value)
    {
        var bus = new MmioBus();
        bus.Attach(_device);

        bus.Write(new GuestPhysicalAddress(address), size, value);

        Assert.Equal(value, bus.Read(new GuestPhysicalAddress(address), size));
        Assert.Equal(value & 0xFF, bus.Read(new GuestPhysicalAddress(address), 1));
    }
}
