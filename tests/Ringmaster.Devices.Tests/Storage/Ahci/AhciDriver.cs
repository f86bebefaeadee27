using System.Buffers.Binary;
using Ringmaster.Devices.Pci;
using Ringmaster.Devices.Storage.Ahci;
using Ringmaster.Devices.Storage.Ata;
using Ringmaster.Devices.Tests.Contract;
using Ringmaster.Memory;

namespace Ringmaster.Devices.Tests.Storage.Ahci;

/// <summary>A small driver: works port 1 of a controller through registers and structures in guest RAM, as real ones do.</summary>
public sealed class AhciDriver
{
    public const ulong Data = 0x8000, List = 0x1000, Frames = 0x1400, Tables = 0x2000;

    public const uint TaskFileError = 1 << 30, HostBusFatal = 1 << 29, HostBusData = 1 << 28, InterfaceFatal = 1 << 27, Overflow = 1 << 24;

    private const ulong TableSize = 0x100;
    private const ulong Port = 0x180;

    public AhciDriver(TestWiring? wiring = null, Func<TestWiring, AtaDevice>? device = null)
    {
        Wiring = wiring ?? new TestWiring();
        Controller = new AhciController([null, device?.Invoke(Wiring) ?? new AtaDisk(Wiring.Disk, new AtaModel("SERIAL-2", "Ringmaster ATA disk"))], Wiring.Dma);
        Controller.Pci.Connect(Root);
        IsBusMaster = true;
    }

    public TestWiring Wiring { get; }

    public TestDisk Disk => Wiring.Disk;

    public AhciController Controller { get; }

    public RecordingPciRoot Root { get; } = new();

    public bool IsBusMaster
    {
        set => Controller.Pci.WriteConfig(PciRegister.Command, 2, value ? PciRegister.CommandMemory | PciRegister.CommandBusMaster : (uint)PciRegister.CommandMemory);
    }

    public uint Interrupts => ReadPort(0x10);

    public uint TaskFile => ReadPort(0x20);

    public uint Issued => ReadPort(0x38);

    public uint Active => ReadPort(0x34);

    public uint Read(ulong register) => (uint)Controller.Pci.Bars[0].Registers.Read(register, 4);

    public void Write(ulong register, uint value) => Controller.Pci.Bars[0].Registers.Write(register, 4, value);

    public uint ReadPort(ulong register) => Read(Port + register);

    public void WritePort(ulong register, uint value) => Write(Port + register, value);

    /// <summary>Starts the port, with all interrupts on.</summary>
    public AhciDriver Start()
    {
        Write(4, 0x8000_0002);
        WritePort(0x00, (uint)List);
        WritePort(0x08, (uint)Frames);
        WritePort(0x14, 0xFFFF_FFFF);
        WritePort(0x18, 0x10);
        WritePort(0x18, 0x11);
        return this;
    }

    /// <summary>Stops the port and starts it again, as after an error.</summary>
    public void Restart()
    {
        WritePort(0x18, 0x10);
        ClearInterrupts();
        WritePort(0x18, 0x11);
    }

    public void ClearInterrupts()
    {
        WritePort(0x30, 0xFFFF_FFFF);
        WritePort(0x10, 0xFFFF_FFFF);
        Write(8, 0xFFFF_FFFF);
    }

    /// <summary>Puts a command into a slot without issuing it.</summary>
    public void Prepare(int slot, AhciCommand command, params (ulong Start, int Length)[] regions)
    {
        ArgumentNullException.ThrowIfNull(regions);
        var table = Tables + (ulong)slot * TableSize;
        var header = new byte[32];
        header[0] = 5;
        BinaryPrimitives.WriteUInt16LittleEndian(header.AsSpan(2), (ushort)regions.Length);
        BinaryPrimitives.WriteUInt64LittleEndian(header.AsSpan(8), table);
        Store(List + (ulong)slot * 32, header);
        Store(table, command.ToFrame());
        for (var i = 0; i < regions.Length; i++)
        {
            var region = new byte[16];
            BinaryPrimitives.WriteUInt64LittleEndian(region, regions[i].Start);
            BinaryPrimitives.WriteUInt32LittleEndian(region.AsSpan(12), (uint)(regions[i].Length - 1));
            Store(table + 0x80 + (ulong)i * 16, region);
        }
    }

    /// <summary>Issues a command and lets the disk work.</summary>
    /// <returns>The status register in the end.</returns>
    public byte Do(AhciCommand command, params (ulong Start, int Length)[] regions)
    {
        ClearInterrupts();
        Prepare(0, command, regions);
        WritePort(0x38, 1);
        while (Disk.Waiting > 0)
            Disk.CompleteSome();
        return (byte)TaskFile;
    }

    /// <summary>Sends a packet and lets the drive work.</summary>
    /// <returns>The status register in the end.</returns>
    public byte DoPacket(byte[] packet, bool dma, params (ulong Start, int Length)[] regions)
    {
        ClearInterrupts();
        PreparePacket(packet, dma, regions);
        WritePort(0x38, 1);
        while (Disk.Waiting > 0)
            Disk.CompleteSome();
        return (byte)TaskFile;
    }

    /// <summary>Puts a packet into the first slot without issuing it.</summary>
    public void PreparePacket(byte[] packet, bool dma, params (ulong Start, int Length)[] regions)
    {
        Prepare(0, new AhciCommand(0xA0, 0xFFFE00, Features: (ushort)(dma ? 1 : 0)), regions);
        Store(List, [0x25]);
        Store(Tables + 0x40, packet);
    }

    /// <summary>Issues queued commands that have been prepared.</summary>
    public void IssueQueued(uint slots)
    {
        WritePort(0x34, slots);
        WritePort(0x38, slots);
    }

    /// <summary>How many bytes a slot's header says were moved.</summary>
    public int Moved(int slot = 0) => BinaryPrimitives.ReadInt32LittleEndian(Bytes(List + (ulong)slot * 32 + 4, 4));

    /// <summary>A frame that the disk has sent: 20h for PIO setup, 40h for registers, 58h for device bits.</summary>
    public byte[] Frame(ulong offset) => Bytes(Frames + offset, 20);

    public byte[] Bytes(ulong address, int length)
    {
        var bytes = new byte[length];
        Assert.True(Wiring.Memory.TryRead(new GuestPhysicalAddress(address), bytes));
        return bytes;
    }

    public void Store(ulong address, byte[] bytes) => Assert.True(Wiring.Memory.TryWrite(new GuestPhysicalAddress(address), bytes));
}
