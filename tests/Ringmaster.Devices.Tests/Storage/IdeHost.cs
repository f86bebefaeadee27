using Ringmaster.Devices.Bus;
using Ringmaster.Devices.Interrupts;
using Ringmaster.Devices.Pci;
using Ringmaster.Devices.Storage.Ata;
using Ringmaster.Devices.Storage.Ide;
using Ringmaster.Devices.Tests.Bus;
using Ringmaster.Devices.Tests.Contract;
using Ringmaster.Memory;

namespace Ringmaster.Devices.Tests.Storage;

/// <summary>A machine with the PIIX3's IDE function, and a small driver of the primary channel that works through its ports.</summary>
public sealed class IdeHost
{
    public const int Data = 0x1F0, Error = 0x1F1, Count = 0x1F2, Low = 0x1F3, Mid = 0x1F4, High = 0x1F5, Device = 0x1F6, Command = 0x1F7, Status = 0x1F7;
    public const int Control = 0x3F6, Alternate = 0x3F6;
    public const int Busy = 0x80, Ready = 0x40, Data8 = 0x08, Failed = 0x01;
    public const byte Idle = 0x50, WithData = 0x58, WithError = 0x51;
    public const uint Table = 0x100, Memory = 0x1000;
    private const uint Start = 1, ToMemory = 8;

    public IdeHost(AtaDevice? master, AtaDevice? slave = null, TestWiring? wiring = null)
    {
        Wiring = wiring ?? new TestWiring();
        Ide = new PiixIde(Wiring.Dma, new IdeChannel(Wiring.Line("irq14"), master, slave), new IdeChannel(Wiring.Line("irq15"), null, null));
        Ide.EnableChannels();
        Ports = new GuestPorts(Ide);
    }

    public TestWiring Wiring { get; }

    public PiixIde Ide { get; }

    public GuestPorts Ports { get; }

    public bool HasInterrupt => Line.IsAsserted;

    /// <summary>Status and error of the bus master, and whether it is active.</summary>
    public uint MasterStatus
    {
        get => (uint)Master.Read(2, 1);
        set => Master.Write(2, 1, value);
    }

    public byte this[int port]
    {
        get => Ports.In(port);
        set => Ports.Out(port, value);
    }

    private InterruptLine Line => Wiring.Line("irq14");

    private IRegisterBlock Master => Ide.Pci.Bars[0].Registers;

    /// <summary>Gives a command with a 28-bit address.</summary>
    public void Give(byte command, uint block = 0, byte count = 1, byte features = 0, bool second = false)
    {
        this[Device] = (byte)(0xE0u | (second ? 0x10u : 0u) | block >> 24);
        this[Error] = features;
        this[Count] = count;
        (this[Low], this[Mid], this[High]) = ((byte)block, (byte)(block >> 8), (byte)(block >> 16));
        this[Command] = command;
    }

    /// <summary>Gives a command with a 48-bit address.</summary>
    public void GiveLong(byte command, ulong block = 0, ushort count = 1, byte features = 0)
    {
        this[Device] = 0xE0;
        this[Error] = features;
        (this[Count], this[Low], this[Mid], this[High]) = ((byte)(count >> 8), (byte)(block >> 24), (byte)(block >> 32), (byte)(block >> 40));
        (this[Count], this[Low], this[Mid], this[High]) = ((byte)count, (byte)block, (byte)(block >> 8), (byte)(block >> 16));
        this[Command] = command;
    }

    /// <summary>Gives a packet; the drive must ask for it.</summary>
    public void GivePacket(byte[] packet, bool dma = false, ushort limit = 0xFFFE)
    {
        this[Error] = (byte)(dma ? 1 : 0);
        (this[Mid], this[High]) = ((byte)limit, (byte)(limit >> 8));
        this[Command] = 0xA0;
        Assert.Equal(WithData, this[Alternate]);
        Assert.Equal(1, this[Count]);
        Assert.False(HasInterrupt);
        var whole = new byte[12];
        packet.CopyTo(whole, 0);
        WriteBlock(whole);
    }

    public byte[] ReadBlock(int length, int width = 2)
    {
        var bytes = new byte[length + 3];
        for (var at = 0; at < length; at += width)
        {
            var value = Ports.In(Data, width);
            for (var i = 0; i < width; i++)
                bytes[at + i] = (byte)(value >> (8 * i));
        }
        return bytes[..length];
    }

    public void WriteBlock(ReadOnlySpan<byte> bytes, int width = 2)
    {
        for (var at = 0; at < bytes.Length; at += width)
        {
            uint value = 0;
            for (var i = 0; i < width; i++)
                value |= (uint)bytes[at + i] << (8 * i);
            Ports.Out(Data, width, value);
        }
    }

    /// <summary>Sees and takes the interrupt, and returns the status.</summary>
    public byte TakeInterrupt()
    {
        Assert.True(HasInterrupt);
        var status = this[Status];
        Assert.False(HasInterrupt);
        return status;
    }

    /// <summary>Writes a table and starts the bus master.</summary>
    public void StartMaster(bool toMemory, params (uint Address, int Length)[] regions)
    {
        ArgumentNullException.ThrowIfNull(regions);
        for (var i = 0; i < regions.Length; i++)
        {
            var control = (ushort)regions[i].Length | (i == regions.Length - 1 ? 0x8000_0000u : 0u);
            Assert.True(Wiring.Memory.TryWrite(new GuestPhysicalAddress(Table + 8 * (uint)i), (ulong)regions[i].Address | (ulong)control << 32));
        }
        Master.Write(4, 4, Table);
        Master.Write(0, 1, toMemory ? ToMemory : 0);
        Master.Write(0, 1, Start | (toMemory ? ToMemory : 0));
    }

    public void StopMaster() => Master.Write(0, 1, 0);

    public byte[] InMemory(uint address, int length) => Wiring.Memory.Window(new GuestPhysicalAddress(address), length).ToArray();

    public void ToMemoryAt(uint address, ReadOnlySpan<byte> bytes) => Assert.True(Wiring.Memory.TryWrite(new GuestPhysicalAddress(address), bytes));

    /// <summary>Different bytes everywhere, the same ones for the same seed.</summary>
    public static byte[] Pattern(int length, int seed = 1)
    {
        var bytes = new byte[length];
        new Random(seed).NextBytes(bytes);
        return bytes;
    }
}
