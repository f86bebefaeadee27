using Ringmaster.Devices.Storage;
using Ringmaster.Devices.Storage.Ata;
using Ringmaster.Devices.Storage.Ide;
using Ringmaster.Devices.Tests.Bus;
using Ringmaster.Devices.Tests.Contract;
using static Ringmaster.Devices.Tests.Storage.IdeHost;

namespace Ringmaster.Devices.Tests.Storage;

public sealed class IdeChannelTests
{
    private readonly TestWiring _wiring = new();

    [Fact]
    public void An_empty_channel_floats()
    {
        var host = new IdeHost(null, null, _wiring);

        host[Count] = 0x55;
        host[Low] = 0xAA;

        Assert.Equal(0x7F, host[Status]);
        Assert.Equal(0x7F, host[Alternate]);
        Assert.Equal(0x7F, host[Count]);
        Assert.Equal(0xFF7Fu, host.Ports.In(Data, 2));
        host[Command] = 0xEC;
        host[Control] = 4;
        host[Control] = 0;
        Assert.False(host.HasInterrupt);
    }

    [Fact]
    public void A_master_alone_answers_for_the_slave_with_a_status_of_zero()
    {
        var host = new IdeHost(Disk(), null, _wiring);
        host[Device] = 0xF0;

        host[Count] = 0x55;

        Assert.Equal(0x00, host[Status]);
        Assert.Equal(0x00, host[Alternate]);
        Assert.Equal(0x55, host[Count]);
        Assert.Equal(0xF0, host[Device]);
        host[Command] = 0xEC;
        Assert.Equal(0x00, host[Status]);
        Assert.False(host.HasInterrupt);
    }

    [Fact]
    public void A_slave_alone_answers_only_when_it_is_selected()
    {
        var host = new IdeHost(null, Disk(), _wiring);
        Assert.Equal(0x7F, host[Status]);

        host[Device] = 0xF0;

        Assert.Equal(Idle, host[Status]);
        host.Give(0xEC, second: true);
        Assert.Equal(WithData, host.TakeInterrupt());
    }

    [Fact]
    public void The_interrupt_is_that_of_the_selected_drive()
    {
        var host = new IdeHost(Disk(), Disk(), _wiring);
        host.Give(0xE5);
        Assert.True(host.HasInterrupt);

        host[Device] = 0xF0;
        Assert.False(host.HasInterrupt);
        Assert.Equal(Idle, host[Status]);
        host[Device] = 0xE0;

        Assert.Equal(Idle, host.TakeInterrupt());
    }

    [Fact]
    public void EXECUTE_DEVICE_DIAGNOSTIC_tests_both_drives()
    {
        var host = new IdeHost(Disk(), new AtapiDrive(null, new AtaModel("C", "CD", "1")), _wiring);
        host[Device] = 0xF0;

        host[Command] = 0x90;

        Assert.Equal(0, host[Device] & 0x10);
        Assert.Equal(Idle, host.TakeInterrupt());
        Assert.Equal([1, 1, 1, 0, 0], new[] { host[Error], host[Count], host[Low], host[Mid], host[High] });
        host[Device] = 0x10;
        Assert.Equal([1, 1, 1, 0x14, 0xEB], new[] { host[Error], host[Count], host[Low], host[Mid], host[High] });
        Assert.Equal(0, host[Status]);
    }

    [Fact]
    public void Channels_answer_when_firmware_has_enabled_them()
    {
        var host = new IdeHost(Disk(), null, _wiring);
        host.Ide.Reset();
        Assert.Equal(0xFF, host[Status]);
        Assert.Equal(0xFF, host[Alternate]);

        host.Ide.Pci.WriteConfig(4, 2, 1);
        Assert.Equal(0xFF, host[Status]);
        host.Ide.Pci.WriteConfig(0x40, 2, 0x8000);

        Assert.Equal(Idle, host[Status]);
        Assert.Equal(0xFF, host.Ports.In(0x177));
        host.Ide.Pci.WriteConfig(0x42, 2, 0x8000);
        Assert.Equal(0x7F, host.Ports.In(0x177));
    }

    [Fact]
    public void The_function_is_the_PIIX3s()
    {
        var pci = new IdeHost(null, null, _wiring).Ide.Pci;

        Assert.Equal(0x7010_8086u, pci.ReadConfig(0, 4));
        Assert.Equal(0x010180u, pci.ReadConfig(8, 4) >> 8);
        Assert.Equal(0u, pci.ReadConfig(0x3C, 2) >> 8);
        pci.WriteConfig(0x20, 4, 0xFFFF_FFFF);
        Assert.Equal(0xFFFF_FFF1u, pci.ReadConfig(0x20, 4));
        pci.WriteConfig(0x44, 1, 0xFF);
        Assert.Equal(0xFFu, pci.ReadConfig(0x44, 1));
    }

    [Fact]
    public void A_channel_works_without_PCI()
    {
        _wiring.Disk.Content = Pattern(64 * 512);
        var controller = new IdeController(
            new IdeChannel(_wiring.Line("irq15"), Disk(), null), IdeController.SecondaryCommand, IdeController.SecondaryControl, "ide1");
        var ports = new GuestPorts(controller);
        ports.Out(0x176, 0xE0);
        ports.Out(0x172, 1);
        ports.Out(0x173, 3);

        ports.Out(0x177, 0x20);
        _wiring.Disk.CompleteSome();

        Assert.Equal(["irq15"], _wiring.RaisedLines);
        Assert.Equal(WithData, ports.In(0x376));
        Assert.Equal(BitConverter.ToUInt32(_wiring.Disk.Content, 3 * 512), ports.In(0x170, 4));
        // Without a bus master, what asks for one waits until it is reset.
        ports.Out(0x177, 0xC8);
        Assert.Equal(Busy, ports.In(0x376));
        ports.Out(0x376, 4);
        ports.Out(0x376, 0);
        Assert.Equal(Idle, ports.In(0x376));
    }

    private AtaDisk Disk() => new(_wiring.Disk, new AtaModel("SN", "Disk", "1"));
}
