using Ringmaster.Devices.Dma;
using Ringmaster.Devices.Interrupts;
using Ringmaster.Devices.Pci;
using Ringmaster.Devices.State;
using Ringmaster.Devices.Storage.Ahci;
using Ringmaster.Devices.Storage.Ide;
using Ringmaster.Machine.Assembly;
using Ringmaster.Machine.Configuration;
using Ringmaster.Memory;

namespace Ringmaster.Machine.Tests.Assembly;

public sealed class BootOrderTests : IDisposable
{
    private readonly GuestMemory _memory = GuestMemory.Create([new RamRange(new GuestPhysicalAddress(0), 0x1000)]);
    private readonly PciBus _bus = new((_, _) => new InterruptLine(_ => { }), (_, _) => { });
    private readonly MachineConfig _config = new()
    {
        Disks =
        [
            new("/0"), new("/1") { Interface = DiskInterface.CdRom }, new("/2") { Interface = DiskInterface.Nvme }, new("/3") { Interface = DiskInterface.Sata },
            new("/4") { Interface = DiskInterface.Ide }, new("/5") { Interface = DiskInterface.Sata }, new("/6") { Interface = DiskInterface.Ide },
            new("/7") { Interface = DiskInterface.Floppy },
        ],
        Networks = [new NetConfig(NetKind.User), new NetConfig(NetKind.User)],
    };

    public BootOrderTests()
    {
        var dma = new DmaSpace(_memory);
        var line = new InterruptLine(_ => { });
        _bus.Attach(PciAddress.OnBus0(2), new NamedFunction("disk0"));
        _bus.Attach(PciAddress.OnBus0(10), new NamedFunction("disk2"));
        _bus.Attach(PciAddress.OnBus0(4), new NamedFunction("net0"));
        _bus.Attach(PciAddress.OnBus0(17), new NamedFunction("net1"));
        _bus.Attach(PciAddress.OnBus0(6), new AhciController([], dma));
        _bus.Attach(PciAddress.OnBus0(31, 1), new PiixIde(dma, new IdeChannel(line, null, null), new IdeChannel(line, null, null)));
    }

    public void Dispose() => _memory.Dispose();

    [Theory]
    [InlineData("disk0", "/pci@i0cf8/scsi@2/disk@0,0")]
    [InlineData("disk2", "/pci@i0cf8/pci1b36,10@a/namespace@1,0")]
    [InlineData("disk3", "/pci@i0cf8/pci8086,2922@6/drive@0/disk@0")]
    [InlineData("disk5", "/pci@i0cf8/pci8086,2922@6/drive@1/disk@0")]
    [InlineData("disk4", "/pci@i0cf8/ide@1f,1/drive@0/disk@0")]
    [InlineData("disk6", "/pci@i0cf8/ide@1f,1/drive@0/disk@1")]
    [InlineData("cdrom", "/pci@i0cf8/pci8086,2922@6/drive@2/disk@0")]
    [InlineData("net1", "/pci@i0cf8/ethernet@11/ethernet-phy@0")]
    [InlineData("floppy", "/pci@i0cf8/isa@1f/fdc@03f0/floppy@0")]
    public void A_device_has_the_path_that_firmware_knows(string word, string path) => Assert.Equal([path], Of(word));

    [Fact]
    public void A_CD_ROM_drive_of_a_board_with_a_PIIX3_is_on_its_channels() =>
        Assert.Equal(["/pci@i0cf8/ide@1f,1/drive@1/disk@0"], BootOrder.Of(_config with { Type = MachineType.Pc, Boot = new BootConfig(["cdrom"]) }, _bus));

    [Fact]
    public void A_kind_stands_for_all_of_its_devices_but_those_named_before()
    {
        var order = Of("net1", "disk5", "net", "disk");

        Assert.Equal(["ethernet@11", "drive@1", "ethernet@4", "scsi@2", "namespace@1,0", "drive@0"], order.Take(6).Select(path => path.Split('/').First(part =>
            part.StartsWith("ethernet@", StringComparison.Ordinal) || part.StartsWith("drive@", StringComparison.Ordinal)
            || part.StartsWith("scsi@", StringComparison.Ordinal) || part.StartsWith("namespace", StringComparison.Ordinal))));
        Assert.Equal(8, order.Count);
    }

    [Fact]
    public void Devices_with_names_of_their_own_are_found_by_them()
    {
        _bus.Attach(PciAddress.OnBus0(18), new NamedFunction("root"));
        _bus.Attach(PciAddress.OnBus0(19), new NamedFunction("uplink"));
        var config = _config with
        {
            // The first has the name that the third would have, which takes the next one free.
            Disks = [new("/0") { Id = "disk2" }, new("/1") { Id = "root" }, new("/2") { Interface = DiskInterface.Sata }],
            Networks = [new NetConfig(NetKind.User) { Id = "uplink" }],
        };

        IReadOnlyList<string> Named(params string[] words) => BootOrder.Of(config with { Boot = new BootConfig(words) }, _bus);
        Assert.Equal(["/pci@i0cf8/scsi@12/disk@0,0"], Named("root"));
        Assert.Equal(["/pci@i0cf8/ethernet@13/ethernet-phy@0"], Named("uplink"));
        Assert.Equal(["/pci@i0cf8/scsi@a/disk@0,0"], Named("disk2"));
        Assert.Equal(["/pci@i0cf8/pci8086,2922@6/drive@0/disk@0"], Named("disk3"));
        Assert.Equal(3, Named("disk").Count);
        Assert.Equal(Named("uplink"), Named("net"));
    }

    [Fact]
    public void A_network_that_the_host_could_not_give_is_left_out() =>
        Assert.Equal(["/pci@i0cf8/ethernet@4/ethernet-phy@0", "/pci@i0cf8/ethernet@11/ethernet-phy@0"],
            BootOrder.Of(_config with { Networks = [.. _config.Networks, new NetConfig(NetKind.User)], Boot = new BootConfig(["net2", "net"]) }, _bus));

    [Fact]
    public void Nothing_said_is_no_order() => Assert.Empty(Of());

    private IReadOnlyList<string> Of(params string[] words) => BootOrder.Of(_config with { Boot = new BootConfig(words) }, _bus);

    private sealed class NamedFunction : IPciDevice
    {
        public NamedFunction(string name)
        {
            Name = name;
            Pci.Reset();
        }

        public string Name { get; }

        public string Kind => "function";

        public PciFunction Pci { get; } = new(new PciIdentity(0x1B36, 0x0010, 0x01_0802));

        public void Reset() => Pci.Reset();

        public SavedState Save() => throw new NotSupportedException();

        public void Restore(SavedState state) => throw new NotSupportedException();
    }
}
