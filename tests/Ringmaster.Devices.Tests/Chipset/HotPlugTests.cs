using Ringmaster.Devices.Chipset.HotPlug;
using Ringmaster.Memory;

namespace Ringmaster.Devices.Tests.Chipset;

/// <summary>The registers by which devices and processors come and go.</summary>
public sealed class HotPlugTests
{
    private static readonly IoPort s_up = PciHotplugPorts.Ports, s_down = s_up + 4, s_eject = s_up + 8, s_removable = s_up + 12, s_bus = s_up + 16;
    private static readonly IoPort s_cpus = new(0xCD8);

    private readonly List<int> _ejected = [];
    private int _events;

    [Fact]
    public void A_new_device_is_told_once()
    {
        var ports = Pci();

        ports.Inserted(5);
        ports.Inserted(7);

        Assert.Equal(2, _events);
        Assert.Equal(1u << 5 | 1u << 7, ports.ReadPort(s_up, 4));
        Assert.Equal(0u, ports.ReadPort(s_up, 4));
    }

    [Fact]
    public void A_device_that_is_to_leave_is_told_until_it_is_ejected()
    {
        var ports = Pci();
        ports.AskToLeave(6);
        var asked = (ports.ReadPort(s_down, 4), ports.ReadPort(s_down, 4));

        ports.WritePort(s_eject, 4, 1 << 6);

        Assert.Equal((1u << 6, 1u << 6), asked);
        Assert.Equal([6], _ejected);
        Assert.Equal(0u, ports.ReadPort(s_down, 4));
    }

    [Fact]
    public void Only_devices_that_may_leave_are_ejected()
    {
        var ports = Pci();

        ports.WritePort(s_eject, 4, uint.MaxValue);
        ports.WritePort(s_eject, 1, 1 << 6);
        ports.WritePort(s_bus, 4, 1);
        ports.WritePort(s_eject, 4, 1 << 6);

        Assert.Equal([4, 6], _ejected);
        Assert.Equal(0u, ports.ReadPort(s_removable, 4));
        ports.WritePort(s_bus, 4, 0);
        Assert.Equal(1u << 4 | 1u << 6, ports.ReadPort(s_removable, 4));
    }

    [Fact]
    public void A_new_processor_is_found_and_acknowledged()
    {
        var ports = new CpuHotplugPorts(s_cpus, [0, 2, 4, 6], 1, () => _events++);

        ports.Add(3);

        Assert.Equal(1, _events);
        Assert.Equal([1u, 3u, 3u, 0u], Flags(ports));
        ports.WritePort(s_cpus, 4, 0);
        ports.WritePort(s_cpus + 5, 1, 0);
        Assert.Equal(1u, ports.ReadPort(s_cpus + 8, 4));
        ports.WritePort(s_cpus + 5, 1, 3);
        Assert.Equal(2u, ports.ReadPort(s_cpus + 8, 4));
        ports.WritePort(s_cpus + 4, 1, 2);
        Assert.Equal([1u, 1u, 3u, 0u], Flags(ports));
    }

    [Fact]
    public void A_processor_beyond_the_last_is_nothing()
    {
        var ports = new CpuHotplugPorts(s_cpus, [0, 1], 2, () => _events++);

        ports.WritePort(s_cpus, 4, uint.MaxValue);
        ports.WritePort(s_cpus + 4, 1, 0xFF);
        ports.WritePort(s_cpus + 5, 1, 0);
        ports.WritePort(s_cpus + 5, 1, 0xFF);

        Assert.Equal((0u, 0u), (ports.ReadPort(s_cpus + 4, 1), ports.ReadPort(s_cpus + 8, 4)));
    }

    private static uint[] Flags(CpuHotplugPorts ports) => [.. Enumerable.Range(0, 4).Select(cpu =>
    {
        ports.WritePort(s_cpus, 4, (uint)cpu);
        return ports.ReadPort(s_cpus + 4, 1);
    })];

    private PciHotplugPorts Pci() => new(() => _events++, _ejected.Add, slot => slot is 4 or 6);
}
