using Ringmaster.Devices.Pci;
using Ringmaster.Devices.Storage.Nvme;
using Ringmaster.Devices.Tests.Contract;
using Ringmaster.Memory;

namespace Ringmaster.Devices.Tests.Storage.Nvme;

/// <summary>A small driver: works the controller through its registers and queues in guest RAM, as real ones do.</summary>
public sealed class NvmeDriver
{
    /// <summary>Entries of every queue.</summary>
    public const int Entries = 8;

    /// <summary>Pages that tests may use for data.</summary>
    public const ulong Data = 0x8000, Lists = 0x7000;

    private readonly Dictionary<int, (int Tail, int Head, bool Phase)> _positions = [];
    private ushort _nextId = 100;

    public NvmeDriver(TestWiring? wiring = null, TestDisk? disk = null)
    {
        Wiring = wiring ?? new TestWiring();
        Disk = disk ?? Wiring.Disk;
        Controller = new NvmeController(Disk, Wiring.Dma, Wiring.Clock, "SERIAL-1");
        Controller.Pci.Connect(Root);
        IsBusMaster = true;
    }

    public TestWiring Wiring { get; }

    public TestDisk Disk { get; }

    public NvmeController Controller { get; }

    public RecordingPciRoot Root { get; } = new();

    public uint Status => Read(0x1C);

    public bool IsFatal => (Status & 2) != 0;

    public bool IsBusMaster
    {
        set => Controller.Pci.WriteConfig(PciRegister.Command, 2, value ? PciRegister.CommandMemory | PciRegister.CommandBusMaster : (uint)PciRegister.CommandMemory);
    }

    public uint Read(ulong register) => (uint)Controller.Pci.Bars[0].Registers.Read(register, 4);

    public void Write(ulong register, uint value) => Controller.Pci.Bars[0].Registers.Write(register, 4, value);


    /// <summary>Enables the controller with its admin queue.</summary>
    public NvmeDriver Enable()
    {
        _positions.Clear();
        _positions[0] = (0, 0, true);
        Clear(0x1000, 0x6000);
        Write(0x24, (Entries - 1) | (Entries - 1) << 16);
        Controller.Pci.Bars[0].Registers.Write(0x28, 8, QueuePage(0, completion: false));
        Controller.Pci.Bars[0].Registers.Write(0x30, 8, QueuePage(0, completion: true));
        Write(0x14, 0x0046_0001);
        return this;
    }

    /// <summary>Makes an I/O queue pair, 1 or 2.</summary>
    public NvmeDriver AddQueues(int queue = 1, int vector = 0)
    {
        _positions[queue] = (0, 0, true);
        Clear(QueuePage(queue, completion: false), 0x1000);
        Clear(QueuePage(queue, completion: true), 0x1000);
        Assert.Equal(0, CreateCompletionQueue(queue, vector).Status);
        Assert.Equal(0, CreateSubmissionQueue(queue, queue).Status);
        return this;
    }

    public NvmeResult CreateCompletionQueue(int queue, int vector = 0, int entries = Entries) =>
        Do(0, new NvmeEntry(0x05, Prp1: QueuePage(queue, completion: true), Cdw10: (uint)queue | (uint)(entries - 1) << 16, Cdw11: 3 | (uint)vector << 16));

    public NvmeResult CreateSubmissionQueue(int queue, int completionQueue, int entries = Entries) => Do(
        0, new NvmeEntry(0x01, Prp1: QueuePage(queue, completion: false), Cdw10: (uint)queue | (uint)(entries - 1) << 16, Cdw11: 1 | (uint)completionQueue << 16));

    /// <summary>Puts commands into a queue and rings the doorbell once.</summary>
    /// <returns>The number of the last.</returns>
    public ushort Submit(int queue, params NvmeEntry[] entries)
    {
        var position = _positions[queue];
        foreach (var entry in entries)
        {
            Assert.True(Wiring.Memory.TryWrite(new(QueuePage(queue, completion: false) + (ulong)position.Tail * 64), entry.ToBytes(++_nextId)));
            position.Tail = (position.Tail + 1) % Entries;
        }
        _positions[queue] = position;
        Write(0x1000 + (ulong)queue * 8, (uint)position.Tail);
        return _nextId;
    }

    /// <summary>Takes the next completion from a queue, if there is one.</summary>
    public NvmeResult? Take(int queue)
    {
        if (Peek(queue) is not { } result)
            return null;
        var position = _positions[queue];
        position.Head = (position.Head + 1) % Entries;
        position.Phase ^= position.Head == 0;
        _positions[queue] = position;
        Write(0x1004 + (ulong)queue * 8, (uint)position.Head);
        return result;
    }

    /// <summary>Looks at the next completion without taking it.</summary>
    public NvmeResult? Peek(int queue)
    {
        var position = _positions[queue];
        var entry = new byte[16];
        Assert.True(Wiring.Memory.TryRead(new GuestPhysicalAddress(QueuePage(queue, completion: true) + (ulong)position.Head * 16), entry));
        var field = BitConverter.ToUInt16(entry, 14);
        if ((field & 1) != 0 != position.Phase)
            return null;
        Assert.Equal(queue, BitConverter.ToUInt16(entry, 10));
        return new NvmeResult(field >> 1 & 0x7FF, BitConverter.ToUInt32(entry, 0), BitConverter.ToUInt16(entry, 12), BitConverter.ToUInt16(entry, 8), field >> 15 == 0);
    }

    /// <summary>Submits a command, lets the disk work, and takes its completion.</summary>
    public NvmeResult Do(int queue, NvmeEntry entry)
    {
        var id = Submit(queue, entry);
        while (Disk.Waiting > 0)
            Disk.CompleteSome();
        var result = Take(queue);
        Assert.NotNull(result);
        Assert.Equal(id, result.Command);
        return result;
    }

    /// <summary>Gets a data structure of Identify.</summary>
    public byte[] Identify(uint structure, uint space = 0)
    {
        Assert.Equal(0, Do(0, new NvmeEntry(0x06, space, Data, Cdw10: structure)).Status);
        return Bytes(Data, 4096);
    }

    /// <summary>Gets the start of a log page.</summary>
    public byte[] LogPage(byte id, int length)
    {
        Assert.Equal(0, Do(0, new NvmeEntry(0x02, uint.MaxValue, Data, Cdw10: id | (uint)(length / 4 - 1) << 16)).Status);
        return Bytes(Data, length);
    }

    public byte[] Bytes(ulong address, int length)
    {
        var bytes = new byte[length];
        Assert.True(Wiring.Memory.TryRead(new GuestPhysicalAddress(address), bytes));
        return bytes;
    }

    public void Store(ulong address, byte[] bytes) => Assert.True(Wiring.Memory.TryWrite(new GuestPhysicalAddress(address), bytes));

    /// <summary>Makes MSI-X messages of all vectors carry A0h and the vector.</summary>
    public void EnableMsix()
    {
        for (var vector = 0; vector < 4; vector++)
        {
            Controller.Pci.Msix!.Write((ulong)vector * 16, 8, 0xFEE0_0000);
            Controller.Pci.Msix.Write((ulong)vector * 16 + 8, 8, 0xA0 + (ulong)vector);
        }
        Controller.Pci.WriteConfig(RecordingPciRoot.CapabilityOf(Controller.Pci, 0x11) + 2, 2, 0x8000);
    }

    /// <summary>Queues of pairs 0, 1 and 2 have a page each.</summary>
    private static ulong QueuePage(int queue, bool completion) => 0x1000 + (ulong)queue * 0x2000 + (completion ? 0x1000u : 0);

    private void Clear(ulong address, int length) => Store(address, new byte[length]);
}
