using System.Buffers.Binary;
using Ringmaster.Devices.Clock;
using Ringmaster.Devices.Dma;
using Ringmaster.Devices.Interrupts;
using Ringmaster.Devices.Network;
using Ringmaster.Devices.Network.E1000;
using Ringmaster.Devices.Pci;
using Ringmaster.Memory;

namespace Ringmaster.Devices.Tests.Network.E1000;

/// <summary>An 82540EM on a bus, with a small driver.</summary>
internal sealed class E1000Board
{
    public const int Control = 0, Status = 8, EepromControl = 0x10, EepromRead = 0x14, Mdi = 0x20, Causes = 0xC0, Throttle = 0xC4, CauseSet = 0xC8,
        MaskSet = 0xD0, MaskClear = 0xD8, ReceiveControl = 0x100, TransmitControl = 0x400, ReceiveHead = 0x2810, ReceiveTail = 0x2818, ReceiveDelay = 0x2820,
        ReceiveAbsoluteDelay = 0x282C, TransmitHead = 0x3810, TransmitTail = 0x3818, TransmitDelay = 0x3820, ReceiveChecksum = 0x5000,
        MulticastTable = 0x5200, VlanTable = 0x5600;

    public const uint Tcp = 1, Ip = 2, Segment = 4, EndOfPacket = 1, InsertChecksum = 4, Report = 8, Extended = 0x20, Tag = 0x40, Delayed = 0x80;

    public const int RingSize = 32;

    public static readonly MacAddress Own = new(0x5254_0012_3456);

    private const int MemorySize = 4 << 20;
    private const ulong ReceiveRing = 0x1000, TransmitRing = 0x2000, ReceiveBuffers = 0x10_0000;
    private const int BufferStride = 0x4000;

    private uint _tail, _seen;
    private ulong _free = 0x20_0000;

    public E1000Board(bool takesOffloads = true)
    {
        Network = new RecordingNetwork(takesOffloads);
        Bus = new PciBus((_, _) => Line, (_, _) => { });
        Card = new E1000Card("net0", Own, Network, new DmaSpace(Memory), Clock);
        Bus.Attach(PciAddress.OnBus0(3), Card);
        Card.Pci.WriteConfig(PciRegister.Command, 2, PciRegister.CommandIo | PciRegister.CommandMemory | PciRegister.CommandBusMaster);
        Registers = Card.Pci.Bars[0].Registers;
        Io = Card.Pci.Bars[1].Registers;
    }

    public PciBus Bus { get; }

    public RecordingNetwork Network { get; }

    public E1000Card Card { get; }

    public IRegisterBlock Registers { get; }

    public IRegisterBlock Io { get; }

    public ManualVmClock Clock { get; } = new();

    public GuestMemory Memory { get; } = GuestMemory.Create([new RamRange(new GuestPhysicalAddress(0), MemorySize)]);

    public InterruptLine Line { get; } = new(_ => { });

    public uint Read(int register) => (uint)Registers.Read((ulong)register, 4);

    public void Write(int register, uint value) => Registers.Write((ulong)register, 4, value);

    /// <summary>Sets up both rings and gives buffers.</summary>
    /// <param name="receiveModes">Bits of the receive control register beside the enable.</param>
    /// <param name="buffers">How many buffers the card has, less than the ring.</param>
    public void SetUp(uint receiveModes = 1 << 15 | 1 << 26, int buffers = RingSize - 1)
    {
        Write(0x2800, (uint)ReceiveRing);
        Write(0x2808, RingSize * 16);
        for (var i = 0; i < RingSize; i++)
        {
            Store(ReceiveRing + 16 * (ulong)i, ReceiveBuffers + BufferStride * (ulong)i);
            Store(ReceiveRing + 16 * (ulong)i + 8, 0UL);
        }
        Write(ReceiveTail, (uint)buffers);
        Write(ReceiveControl, 2 | receiveModes);
        Write(0x3800, (uint)TransmitRing);
        Write(0x3808, RingSize * 16);
        Write(TransmitControl, 2 | 8);
    }

    /// <summary>Puts a descriptor into the transmit ring without telling.</summary>
    public ulong Queue(ulong low, uint command, int length, uint high = 0, uint kind = 0)
    {
        var at = TransmitRing + 16 * (ulong)_tail;
        Store(at, low);
        Store(at + 8, (uint)length | kind << 20 | command << 24);
        Store(at + 12, high);
        _tail = (_tail + 1) % RingSize;
        return at;
    }

    public void Tell() => Write(TransmitTail, _tail);

    /// <summary>Sends a frame with a descriptor of the old kind.</summary>
    /// <returns>The descriptor's address.</returns>
    public ulong Send(ReadOnlySpan<byte> frame, uint command = EndOfPacket | Report, int checksumPlace = 0, uint high = 0)
    {
        var at = Queue(Place(frame), command, frame.Length | checksumPlace << 16, high);
        Tell();
        return at;
    }

    public bool IsDone(ulong descriptor) => (Load<byte>(descriptor + 12) & 1) != 0;

    public bool Receive(ReadOnlySpan<byte> frame, FrameOffload offload = default) => Card.Receive(frame, offload);

    /// <summary>Takes what has arrived: the descriptor's upper half, and the bytes of all its buffers.</summary>
    public (ulong Result, byte[] Frame)? TakeFrame()
    {
        List<byte> frame = [];
        for (; ; )
        {
            var at = ReceiveRing + 16 * (ulong)_seen;
            var result = Load<ulong>(at + 8);
            if ((result >> 32 & 1) == 0)
                return frame.Count == 0 ? null : throw new InvalidOperationException("A frame lacks its end.");
            frame.AddRange(Bytes(ReceiveBuffers + BufferStride * (ulong)_seen, (ushort)result));
            Store(at + 8, 0UL);
            _seen = (_seen + 1) % RingSize;
            if ((result >> 32 & 2) != 0)
                return (result, [.. frame]);
        }
    }

    public ulong Place(ReadOnlySpan<byte> bytes)
    {
        var at = _free;
        _free += ((ulong)bytes.Length + 63) & ~63UL;
        Assert.True(Memory.TryWrite(new GuestPhysicalAddress(at), bytes));
        return at;
    }

    public byte[] Bytes(ulong address, int length)
    {
        var bytes = new byte[length];
        Assert.True(Memory.TryRead(new GuestPhysicalAddress(address), bytes));
        return bytes;
    }

    public static byte[] Frame(MacAddress to, int length, byte fill = 0x5A)
    {
        var frame = new byte[length];
        frame.AsSpan().Fill(fill);
        to.Write(frame);
        BinaryPrimitives.WriteUInt16BigEndian(frame.AsSpan(12), 0x88B5);
        return frame;
    }

    private T Load<T>(ulong address) where T : unmanaged =>
        Memory.TryRead(new GuestPhysicalAddress(address), out T value) ? value : throw new InvalidOperationException();

    private void Store<T>(ulong address, T value) where T : unmanaged => Assert.True(Memory.TryWrite(new GuestPhysicalAddress(address), value));
}
