using System.Buffers.Binary;
using Ringmaster.Devices.Network;
using Ringmaster.Devices.Network.E1000;
using Ringmaster.Devices.Tests.Contract;
using Ringmaster.Memory;

namespace Ringmaster.Devices.Tests.Network.E1000;

public sealed class E1000Cases : IDeviceCases
{
    private const int Entries = 8;
    private const ulong ReceiveRing = 0x1000, TransmitRing = 0x1800, Buffers = 0x4000;

    public IEnumerable<DeviceCase> Cases =>
    [
        new("e1000", Create) { Stimulate = (device, wiring, random) => Stimulate((E1000Card)device, wiring, random, changesLink: false) },
        // The cable is not the guest's to plug.
        new("e1000 and its cable", Create)
        {
            Stimulate = (device, wiring, random) => Stimulate((E1000Card)device, wiring, random, changesLink: true), KeepsStateOverReset = true,
        },
    ];

    private static E1000Card Create(TestWiring wiring) =>
        new("net", E1000Board.Own, new RecordingNetwork(takesOffloads: false, wiring.Note), wiring.Dma, wiring.Clock);

    private static void Stimulate(E1000Card card, TestWiring wiring, Random random, bool changesLink)
    {
        var registers = card.Pci.Bars[0].Registers;
        switch (random.Next(changesLink ? 10 : 9))
        {
            case 0:
                card.Pci.WriteConfig(4, 2, 7);
                registers.Write(0x2800, 4, ReceiveRing);
                registers.Write(0x2804, 4, 0);
                registers.Write(0x2808, 4, Entries * 16);
                registers.Write(0x2818, 4, Entries - 1);
                registers.Write(0x100, 4, 2 | (uint)random.NextInt64() & 0x0603_8038);
                registers.Write(0x3800, 4, TransmitRing);
                registers.Write(0x3804, 4, 0);
                registers.Write(0x3808, 4, Entries * 16);
                registers.Write(0x400, 4, 10);
                registers.Write(0xD0, 4, 0x1FFFF);
                break;
            case < 4:
                AddDescriptor(wiring, random);
                registers.Write(random.Next(2) == 0 ? 0x3818UL : 0x2818UL, 4, (ulong)random.Next(Entries + 1));
                break;
            case < 7:
                var large = random.Next(2) == 0 ? LargeFrame.Tcp(random.Next(2) == 0, random.Next(2), 0, 0x10, new byte[random.Next(3000)], 500)
                    : LargeFrame.Udp(random.Next(2) == 0, 0, new byte[random.Next(200)], 500);
                E1000Board.Own.Write(large.Bytes);
                wiring.Note($"takes {card.Receive(large.Bytes, random.Next(2) == 0 ? large.Offload : FrameOffload.None)}");
                break;
            case 7:
                int[] delays = [0xC4, 0x2820, 0x282C, 0x3820, 0x382C];
                registers.Write((ulong)delays[random.Next(delays.Length)], 4, (ulong)random.Next(1000));
                break;
            case 8:
                wiring.Note($"causes {registers.Read(0xC0, 4):x}");
                break;
            default:
                card.IsLinkUp = random.Next(2) == 0;
                break;
        }
    }

    private static void AddDescriptor(TestWiring wiring, Random random)
    {
        Span<byte> descriptor = stackalloc byte[16];
        BinaryPrimitives.WriteUInt64LittleEndian(descriptor, random.Next(8) == 0 ? (ulong)random.NextInt64() : Buffers + (ulong)random.Next(0x8000));
        var length = (uint)random.Next(random.Next(4) == 0 ? 0x10_0000 : 2000);
        BinaryPrimitives.WriteUInt32LittleEndian(descriptor[8..], length | (uint)random.Next(2) << 20 | (uint)random.Next(256) << 24);
        BinaryPrimitives.WriteUInt32LittleEndian(descriptor[12..], (uint)random.NextInt64() & 0x07FF_FF0F);
        var ring = random.Next(3) == 0 ? ReceiveRing : TransmitRing;
        wiring.Memory.TryWrite(new GuestPhysicalAddress(ring + 16 * (ulong)random.Next(Entries)), descriptor);
    }
}
