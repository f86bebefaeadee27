using Ringmaster.Devices.Storage;
using Ringmaster.Devices.Storage.Ahci;
using Ringmaster.Devices.Storage.Ata;
using Ringmaster.Devices.Tests.Contract;
using Ringmaster.Memory;

namespace Ringmaster.Devices.Tests.Storage.Ahci;

public sealed class AhciCases : IDeviceCases
{
    private const ulong List = 0x1000, Frames = 0x1400, Tables = 0x2000, Data = 0x8000, Port = 0x100;

    private static readonly byte[] s_opcodes =
        [0x06, 0x20, 0x24, 0x25, 0x27, 0x2F, 0x30, 0x35, 0x3D, 0x60, 0x60, 0x61, 0x61, 0x90, 0xB0, 0xC4, 0xC6, 0xC8, 0xCA, 0xE5, 0xEA, 0xEC, 0xEF, 0x00];

    private static readonly byte[] s_packetOpcodes = [0xA0, 0xA0, 0xA0, 0xA0, 0xA0, 0xA0, 0xA1, 0xEC, 0x08, 0xE5, 0x60];

    private static readonly byte[] s_packets =
        [0x00, 0x03, 0x12, 0x1A, 0x1B, 0x1E, 0x25, 0x28, 0x28, 0x28, 0x2B, 0x43, 0x46, 0x4A, 0x51, 0x52, 0x5A, 0xA8, 0xAD, 0xB9, 0xBB, 0xBD, 0xBE, 0xBE];

    public IEnumerable<DeviceCase> Cases =>
    [
        new("ahci", wiring => new AhciController([new AtaDisk(wiring.Disk, new AtaModel("1", "Disk")), null], wiring.Dma))
        {
            Stimulate = (device, wiring, random) => Act((AhciController)device, wiring, random, s_opcodes),
        },
        new("ahci cd", wiring => new AhciController([new AtapiDrive(wiring.Disk, new AtaModel("1", "CD"))], wiring.Dma))
        {
            Stimulate = (device, wiring, random) => Act((AhciController)device, wiring, random, s_packetOpcodes),
        },
    ];

    private static void Act(AhciController controller, TestWiring wiring, Random random, byte[] opcodes)
    {
        switch (random.Next(7))
        {
            case 0:
                Start(controller, random);
                break;
            case 1:
                wiring.Disk.CompleteSome(random.Next(4));
                break;
            case 2:
                wiring.Disk.Outcome = random.Next(3) == 0 ? (BlockStatus)random.Next(5) : BlockStatus.Done;
                break;
            default:
                Issue(controller, wiring, random, opcodes);
                break;
        }
    }

    private static void Start(AhciController controller, Random random)
    {
        controller.Pci.WriteConfig(4, 2, 6);
        controller.Pci.Bars[0].Registers.Write(4, 4, 0x8000_0002);
        controller.Pci.Bars[0].Registers.Write(Port + 0x18, 4, 0x10);
        if (random.Next(4) == 0)
        {
            controller.Pci.Bars[0].Registers.Write(Port + 0x2C, 4, 1);
            controller.Pci.Bars[0].Registers.Write(Port + 0x2C, 4, 0);
        }
        controller.Pci.Bars[0].Registers.Write(Port, 8, List);
        controller.Pci.Bars[0].Registers.Write(Port + 8, 8, Frames);
        controller.Pci.Bars[0].Registers.Write(Port + 0x10, 8, 0xFFFF_FFFF_FFFF_FFFF);
        controller.Pci.Bars[0].Registers.Write(Port + 0x18, 4, 0x11);
    }

    private static void Issue(AhciController controller, TestWiring wiring, Random random, byte[] opcodes)
    {
        var isQueued = random.Next(2) == 0 && opcodes == s_opcodes;
        uint slots = 0;
        for (var i = random.Next(4); i >= 0; i--)
        {
            var slot = random.Next(6);
            slots |= 1u << slot;
            var opcode = opcodes[random.Next(opcodes.Length)];
            var (lba, count) = ((ulong)random.Next(70), random.Next(8));
            var command = isQueued ? AhciCommand.Queued((byte)(0x60 + random.Next(2)), slot, lba, count + 1)
                : new AhciCommand(opcode, opcode == 0xB0 ? 0xC24F00ul : lba, count, opcode == 0xB0 ? (ushort)(0xD0 + random.Next(12)) : (ushort)random.Next(4));
            var frame = command.ToFrame();
            if (random.Next(30) == 0)
                (frame[1], frame[15]) = (0, (byte)(random.Next(2) * 4));
            Store(wiring, Tables + (ulong)slot * 0x100 + 0x40, Packet(random));
            Store(wiring, List + (ulong)slot * 32, [random.Next(10) == 0 ? (byte)5 : (byte)0x25, 0, (byte)random.Next(1, 6), 0, 0, 0, 0, 0, .. BitConverter.GetBytes(Tables + (ulong)slot * 0x100)]);
            Store(wiring, Tables + (ulong)slot * 0x100, frame);
            for (ulong region = 0; region < 5; region++)
            {
                var start = random.Next(100) == 0 ? (ulong)random.NextInt64() : Data + (ulong)random.Next(0x7000);
                Store(wiring, Tables + (ulong)slot * 0x100 + 0x80 + region * 16, [.. BitConverter.GetBytes(start), 0, 0, 0, 0, .. BitConverter.GetBytes(random.Next(0x1000))]);
            }
        }
        controller.Pci.Bars[0].Registers.Write(Port + 0x34, 4, isQueued ? slots : 0);
        controller.Pci.Bars[0].Registers.Write(Port + 0x38, 4, slots);
    }

    private static byte[] Packet(Random random)
    {
        var packet = new byte[16];
        packet[0] = s_packets[random.Next(s_packets.Length)];
        packet[random.Next(1, 12)] = (byte)random.Next(256);
        (packet[5], packet[8]) = ((byte)random.Next(18), (byte)random.Next(8));
        if (packet[0] is 0xBE)
            packet[9] = (byte)(random.Next(32) << 3);
        return packet;
    }

    private static void Store(TestWiring wiring, ulong address, byte[] bytes) => Assert.True(wiring.Memory.TryWrite(new GuestPhysicalAddress(address), bytes));
}
