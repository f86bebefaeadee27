using System.Buffers.Binary;
using Ringmaster.Devices.Input;
using Ringmaster.Devices.Pci;
using Ringmaster.Devices.Tests.Contract;
using Ringmaster.Devices.Virtio;
using Ringmaster.Devices.Virtio.Balloon;
using Ringmaster.Devices.Virtio.Block;
using Ringmaster.Devices.Virtio.Console;
using Ringmaster.Devices.Virtio.Input;
using Ringmaster.Devices.Virtio.NineP;
using Ringmaster.Devices.Virtio.Pci;
using Ringmaster.Devices.Virtio.Rng;
using Ringmaster.Devices.Virtio.Vsock;
using Ringmaster.Memory;

namespace Ringmaster.Devices.Tests.Virtio;

public sealed class VirtioCases : IDeviceCases
{
    public IEnumerable<DeviceCase> Cases =>
    [
        new("virtio-rng", wiring => Create("rng", new VirtioRng(), wiring)) { Stimulate = Drive },
        new("virtio-blk", wiring => Create("disk", new VirtioBlock(wiring.Disk, "serial", queues: 2, queueSize: 8), wiring)) { Stimulate = DriveDisk },
        new("virtio-blk whose disk is cached", wiring =>
        {
            wiring.Disk.ReadsAtOnce = true;
            return Create("disk", new VirtioBlock(wiring.Disk, "serial", queueSize: 16), wiring);
        })
        {
            Stimulate = DriveDisk,
        },
        new("virtio-9p", wiring =>
        {
            var server = new WaitingNinePServer();
            return Create("9p", new VirtioNineP("tag", server, server.Post), wiring);
        })
        {
            Stimulate = (device, wiring, random) =>
            {
                ((WaitingNinePServer)((VirtioNineP)((VirtioPciDevice)device).Core.Device).Server).Finish();
                Drive(device, wiring, random);
            },
        },
        new("virtio-console", wiring => Create("console", new VirtioConsole(
            new ConsolePort(new RecordingSerialBackend(wiring.Note)), new ConsolePort(new RecordingSerialBackend(wiring.Note), "com.example.port")), wiring))
        {
            Stimulate = (device, wiring, random) =>
            {
                if (random.Next(4) == 0)
                    wiring.Note($"took {((VirtioConsole)((VirtioPciDevice)device).Core.Device).Receive(random.Next(2), "Guten Tag!"u8)}");
                else
                    Drive(device, wiring, random);
            },
        },
        new("virtio-balloon", wiring => Create("balloon", new VirtioBalloon(wiring.Dma), wiring))
        {
            // What the host asks for stays asked for.
            KeepsStateOverReset = true,
            Stimulate = (device, wiring, random) =>
            {
                var balloon = (VirtioBalloon)((VirtioPciDevice)device).Core.Device;
                switch (random.Next(8))
                {
                    case 0:
                        balloon.Target = (ulong)random.Next(16) << 12;
                        break;
                    case 1:
                        balloon.AskForStatistics();
                        break;
                    default:
                        Drive(device, wiring, random);
                        break;
                }
            },
        },
        new("virtio-vsock", wiring => Create("vsock", new VirtioVsock(3, new RecordingVsockBackend()), wiring)) { Stimulate = Drive },
        new("virtio-keyboard", wiring => Create("keyboard", new VirtioKeyboard(), wiring))
        {
            Stimulate = (device, wiring, random) =>
            {
                if (random.Next(3) == 0)
                    ((VirtioKeyboard)((VirtioPciDevice)device).Core.Device).Press(new Key((ushort)random.Next(300)), random.Next(2) == 0);
                else
                    Drive(device, wiring, random);
            },
        },
        new("virtio-tablet", wiring => Create("tablet", new VirtioTablet(), wiring))
        {
            Stimulate = (device, wiring, random) =>
            {
                if (random.Next(3) == 0)
                    ((VirtioTablet)((VirtioPciDevice)device).Core.Device).Move(random.Next(-10, 40000), random.Next(3), (PointerButtons)random.Next(16), random.Next(-2, 3));
                else
                    Drive(device, wiring, random);
            },
        },
    ];

    private static VirtioPciDevice Create(string name, VirtioDevice device, TestWiring wiring) => new(name, device, wiring.Dma, wiring.Clock, 0xFF_0000);

    private static void DriveDisk(IDevice device, TestWiring wiring, Random random)
    {
        // A header where descriptors may point to.
        Span<byte> header = stackalloc byte[16];
        BinaryPrimitives.WriteUInt32LittleEndian(header, (uint)random.Next(14));
        BinaryPrimitives.WriteUInt64LittleEndian(header[8..], (ulong)random.Next(70));
        wiring.Memory.TryWrite(new GuestPhysicalAddress((ulong)random.Next(0x8000, 0xFFF0)), header);
        Drive(device, wiring, random);
        if (random.Next(3) == 0)
            wiring.Disk.CompleteSome(random.Next(4));
    }

    /// <summary>A driver that sets up a ring, and one that puts nonsense into it, by turns.</summary>
    public static void Drive(IDevice device, TestWiring wiring, Random random)
    {
        var registers = ((IPciDevice)device).Pci.Bars.Single(b => b.Index == 4).Registers;
        switch (random.Next(6))
        {
            case 0:
                registers.Write(20, 1, 0);
                registers.Write(20, 1, 3);
                for (uint half = 0; half < 2; half++)
                {
                    registers.Write(0, 4, half);
                    var offered = registers.Read(4, 4);
                    registers.Write(8, 4, half);
                    registers.Write(12, 4, offered & ~(random.Next(2) == 0 && half == 1 ? 4u : 0u));
                }
                registers.Write(20, 1, 11);
                for (ulong queue = 0; queue < registers.Read(18, 2); queue++)
                {
                    registers.Write(22, 2, queue);
                    registers.Write(24, 2, 8);
                    registers.Write(26, 2, queue);
                    registers.Write(32, 8, 0x1000 + queue * 0x1000);
                    registers.Write(40, 8, 0x1100 + queue * 0x1000);
                    registers.Write(48, 8, 0x1200 + queue * 0x1000);
                    registers.Write(28, 2, 1);
                }
                registers.Write(20, 1, 15);
                break;
            case 1:
                // Some descriptor, of either format.
                Span<byte> descriptor = stackalloc byte[16];
                BinaryPrimitives.WriteUInt64LittleEndian(descriptor, (ulong)random.Next(0x8000, 0xFFFF));
                BinaryPrimitives.WriteUInt32LittleEndian(descriptor[8..], (uint)random.Next(0x800));
                BinaryPrimitives.WriteUInt16LittleEndian(descriptor[12..], (ushort)(random.Next(2) == 0 ? random.Next(4) : 0x80));
                BinaryPrimitives.WriteUInt16LittleEndian(descriptor[14..], (ushort)random.Next(8));
                wiring.Memory.TryWrite(new GuestPhysicalAddress((ulong)(0x1000 + 0x1000 * random.Next(3) + 16 * random.Next(8))), descriptor);
                break;
            case 2:
                var ring = new GuestPhysicalAddress((ulong)(0x1100 + 0x1000 * random.Next(3)));
                wiring.Memory.TryRead(ring + 2, out ushort index);
                wiring.Memory.TryWrite(ring + (ulong)(4 + 2 * (index % 8)), (ushort)random.Next(9));
                wiring.Memory.TryWrite(ring + 2, (ushort)(index + random.Next(3)));
                break;
            case 3 when random.Next(8) == 0:
                wiring.Memory.TryWrite(new GuestPhysicalAddress((ulong)random.Next(0x1000, 0x3000)), random.NextInt64());
                break;
            default:
                registers.Write((ulong)(0x3000 + 4 * random.Next(3)), 2, 0);
                break;
        }
    }
}
