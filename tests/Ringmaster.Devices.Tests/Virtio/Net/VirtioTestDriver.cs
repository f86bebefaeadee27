using Ringmaster.Devices.Clock;
using Ringmaster.Devices.Dma;
using Ringmaster.Devices.Interrupts;
using Ringmaster.Devices.Pci;
using Ringmaster.Devices.Virtio;
using Ringmaster.Devices.Virtio.Pci;
using Ringmaster.Memory;

namespace Ringmaster.Devices.Tests.Virtio.Net;

/// <summary>
/// A driver of a virtio device: works through its PCI registers and guest RAM as a guest's would, with split or packed rings and
/// MSI-X.
/// </summary>
internal sealed class VirtioTestDriver
{
    /// <summary>Bytes of guest RAM.</summary>
    public const int MemorySize = 4 << 20;

    private const int OfferedSelector = 0, Offered = 4, AcceptedSelector = 8, Accepted = 12, ConfigVector = 16, Status = 20, QueueSelector = 22,
        QueueSize = 24, QueueVector = 26, QueueEnable = 28, QueueAddresses = 32, QueueReset = 58, Own = 0x2000, Notifications = 0x3000;
    private const ushort MsixEnable = 0x8000;

    private readonly PciBus _bus;
    private ulong _free = 0x1_0000;

    public VirtioTestDriver(Func<VirtioDevice> create, uint pciClass)
    {
        _bus = new PciBus((_, _) => Line, (address, data) => Interrupts.Add((int)data));
        Device = new VirtioPciDevice("device", create(), new DmaSpace(Memory), Clock, pciClass);
        _bus.Attach(PciAddress.OnBus0(1), Device);
        Device.Pci.WriteConfig(PciRegister.Command, 2, PciRegister.CommandMemory | PciRegister.CommandIo | PciRegister.CommandBusMaster);
        Registers = Device.Pci.Bars.Single(b => b.Index == 4).Registers;
    }

    public GuestMemory Memory { get; } = GuestMemory.Create([new RamRange(new GuestPhysicalAddress(0), MemorySize)]);

    public ManualVmClock Clock { get; } = new();

    public VirtioPciDevice Device { get; private set; }

    /// <summary>The registers of virtio 1.</summary>
    public IRegisterBlock Registers { get; private set; }

    public InterruptLine Line { get; } = new(_ => { });

    /// <summary>Vectors in the order in which they came.</summary>
    public List<int> Interrupts { get; } = [];

    /// <summary>What was agreed on.</summary>
    public ulong Features { get; private set; }

    public VirtioStatus DeviceStatus => (VirtioStatus)Registers.Read(Status, 1);

    /// <summary>Agrees on as much of the wanted features as the device offers, and turns MSI-X on: a vector for each queue.</summary>
    public void Negotiate(ulong wanted)
    {
        Registers.Write(Status, 1, 0);
        Registers.Write(Status, 1, 3);
        Features = wanted & (Window(0) | Window(1) << 32);
        for (uint half = 0; half < 2; half++)
        {
            Registers.Write(AcceptedSelector, 4, half);
            Registers.Write(Accepted, 4, (uint)(Features >> (int)(32 * half)));
        }
        Registers.Write(Status, 1, 11);
        Assert.Equal((VirtioStatus)11, DeviceStatus);
        EnableMsix();
    }

    /// <summary>Makes a ring for a queue.</summary>
    public TestRing SetUp(int queue, int size)
    {
        var hasEvents = (Features & VirtioFeature.EventIndex) != 0;
        var start = Allocate(0x3000);
        TestRing ring = (Features & VirtioFeature.PackedRings) != 0
            ? new PackedTestRing(Memory, start, size, hasEvents) : new SplitTestRing(Memory, start, size, hasEvents);
        Registers.Write(QueueSelector, 2, (ulong)queue);
        Registers.Write(QueueSize, 2, (ulong)size);
        Registers.Write(QueueVector, 2, (ulong)queue + 1);
        Registers.Write(QueueAddresses, 8, ring.Descriptors);
        Registers.Write(QueueAddresses + 8, 8, ring.Driver);
        Registers.Write(QueueAddresses + 16, 8, ring.Device);
        Registers.Write(QueueEnable, 2, 1);
        Assert.Equal(1UL, Registers.Read(QueueEnable, 2));
        return ring;
    }

    /// <summary>The driver is ready.</summary>
    public void Start() => Registers.Write(Status, 1, 15);

    public void Notify(int queue) => Registers.Write(Notifications + 4 * (ulong)queue, 2, (ulong)queue);

    public void ResetQueue(int queue)
    {
        Registers.Write(QueueSelector, 2, (ulong)queue);
        Registers.Write(QueueReset, 2, 1);
    }

    public ulong ReadConfig(int offset, int size) => Registers.Read(Own + (ulong)offset, size);

    /// <summary>Guest RAM that nothing else uses.</summary>
    public ulong Allocate(int length)
    {
        var at = _free;
        _free += ((ulong)length + 0xFFF) & ~0xFFFUL;
        Assert.True(_free <= MemorySize);
        return at;
    }

    public ulong Place(ReadOnlySpan<byte> bytes)
    {
        var at = Allocate(bytes.Length);
        Assert.True(Memory.TryWrite(new GuestPhysicalAddress(at), bytes));
        return at;
    }

    public byte[] Read(ulong address, int length)
    {
        var bytes = new byte[length];
        Assert.True(Memory.TryRead(new GuestPhysicalAddress(address), bytes));
        return bytes;
    }

    /// <summary>Goes on with another device that has this one's state.</summary>
    public void Migrate(VirtioDevice to, uint pciClass)
    {
        var state = Device.Save();
        _bus.Detach(PciAddress.OnBus0(1));
        Device = new VirtioPciDevice("device", to, new DmaSpace(Memory), Clock, pciClass);
        _bus.Attach(PciAddress.OnBus0(1), Device);
        Device.Restore(state);
        Registers = Device.Pci.Bars.Single(b => b.Index == 4).Registers;
    }

    private ulong Window(uint half)
    {
        Registers.Write(OfferedSelector, 4, half);
        return Registers.Read(Offered, 4);
    }

    private void EnableMsix()
    {
        var table = Device.Pci.Msix!;
        for (var i = 0; i < table.VectorCount; i++)
        {
            table.Write((ulong)(16 * i), 4, 0xFEE0_0000);
            table.Write((ulong)(16 * i) + 8, 4, (ulong)i);
            table.Write((ulong)(16 * i) + 12, 4, 0);
        }
        var at = (int)Device.Pci.ReadConfig(PciRegister.Capabilities, 1);
        while (Device.Pci.ReadConfig(at, 1) != 0x11)
            at = (int)Device.Pci.ReadConfig(at + 1, 1);
        Device.Pci.WriteConfig(at + 2, 2, MsixEnable);
        Registers.Write(ConfigVector, 2, 0);
    }
}
