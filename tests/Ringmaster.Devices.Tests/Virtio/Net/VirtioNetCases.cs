using System.Buffers.Binary;
using Ringmaster.Devices.Network;
using Ringmaster.Devices.Pci;
using Ringmaster.Devices.Tests.Contract;
using Ringmaster.Devices.Tests.Network;
using Ringmaster.Devices.Virtio.Net;
using Ringmaster.Devices.Virtio.Pci;
using Ringmaster.Memory;

namespace Ringmaster.Devices.Tests.Virtio.Net;

public sealed class VirtioNetCases : IDeviceCases
{
    private const int DriveEntries = 8, FirstRing = 0x1000, RingStride = 0x400, Buffers = 0x8000;

    public IEnumerable<DeviceCase> Cases =>
    [
        new("virtio-net", wiring => Create(wiring, pairs: 1)) { Stimulate = (device, wiring, random) => Stimulate(device, wiring, random, changesLink: false) },
        new("virtio-net with pairs", wiring => Create(wiring, pairs: 3)) { Stimulate = (device, wiring, random) => Stimulate(device, wiring, random, changesLink: false) },
        // The cable is not the guest's to plug.
        new("virtio-net and its cable", wiring => Create(wiring, pairs: 1))
        {
            Stimulate = (device, wiring, random) => Stimulate(device, wiring, random, changesLink: true), KeepsStateOverReset = true,
        },
    ];

    private static VirtioPciDevice Create(TestWiring wiring, int pairs) => new(
        "net", new VirtioNet(new VirtioNetOptions(NetDriver.Own) { QueuePairs = pairs }, new RecordingNetwork(pairs == 1, wiring.Note)),
        wiring.Dma, wiring.Clock, VirtioNet.PciClass);

    private static void Stimulate(IDevice device, TestWiring wiring, Random random, bool changesLink)
    {
        var pci = (VirtioPciDevice)device;
        var card = (VirtioNet)pci.Core.Device;
        var registers = pci.Pci.Bars.Single(b => b.Index == 4).Registers;
        switch (random.Next(changesLink ? 12 : 11))
        {
            case 0:
                BringUp(registers, random);
                break;
            case < 4:
                AddDescriptor(wiring, random);
                break;
            case < 8:
                var queue = random.Next(7);
                var ring = new GuestPhysicalAddress((ulong)(FirstRing + RingStride * queue + 0x100));
                wiring.Memory.TryRead(ring + 2, out ushort index);
                wiring.Memory.TryWrite(ring + (ulong)(4 + 2 * (index % DriveEntries)), (ushort)random.Next(DriveEntries));
                wiring.Memory.TryWrite(ring + 2, (ushort)(index + random.Next(2)));
                registers.Write((ulong)(0x3000 + 4 * queue), 2, 0);
                break;
            case < 10:
                var large = random.Next(2) == 0 ? LargeFrame.Tcp(random.Next(2) == 0, 0, 0, 0x10, new byte[random.Next(2000)], 500)
                    : LargeFrame.Udp(random.Next(2) == 0, 0, new byte[random.Next(200)], 500);
                wiring.Note($"takes {card.Receive(large.Bytes, random.Next(2) == 0 ? large.Offload : FrameOffload.None)}");
                break;
            case 10:
                card.Announce();
                break;
            default:
                card.IsLinkUp = random.Next(2) == 0;
                break;
        }
    }

    private static void BringUp(IRegisterBlock registers, Random random)
    {
        registers.Write(20, 1, 0);
        registers.Write(20, 1, 3);
        for (uint half = 0; half < 2; half++)
        {
            registers.Write(0, 4, half);
            var offered = registers.Read(4, 4);
            registers.Write(8, 4, half);
            // Mostly split rings, sometimes fewer features.
            registers.Write(12, 4, offered & (half == 1 ? random.Next(4) == 0 ? ~0u : ~4u : random.Next(2) == 0 ? ~0u : (uint)random.NextInt64()));
        }
        registers.Write(20, 1, 11);
        for (ulong queue = 0; queue < registers.Read(18, 2); queue++)
        {
            registers.Write(22, 2, queue);
            registers.Write(24, 2, DriveEntries);
            registers.Write(26, 2, queue);
            registers.Write(32, 8, FirstRing + RingStride * queue);
            registers.Write(40, 8, FirstRing + RingStride * queue + 0x100);
            registers.Write(48, 8, FirstRing + RingStride * queue + 0x200);
            registers.Write(28, 2, 1);
        }
        registers.Write(20, 1, 15);
    }

    /// <summary>A packet, a command or room.</summary>
    private static void AddDescriptor(TestWiring wiring, Random random)
    {
        var queue = random.Next(7);
        var isWritable = random.Next(4) == 0 ? random.Next(2) == 0 : queue % 2 == 0 && queue < 6;
        var buffer = Buffers + 0x400 * random.Next(24);
        Span<byte> descriptor = stackalloc byte[16];
        BinaryPrimitives.WriteUInt64LittleEndian(descriptor, random.Next(20) == 0 ? (ulong)random.NextInt64() : (ulong)buffer);
        BinaryPrimitives.WriteUInt32LittleEndian(descriptor[8..], (uint)random.Next(random.Next(4) == 0 ? 20 : 0x800));
        BinaryPrimitives.WriteUInt16LittleEndian(descriptor[12..], (ushort)((isWritable ? 2 : 0) | random.Next(3) / 2 | (random.Next(8) == 0 ? 0x80 : 0)));
        BinaryPrimitives.WriteUInt16LittleEndian(descriptor[14..], (ushort)random.Next(DriveEntries));
        wiring.Memory.TryWrite(new GuestPhysicalAddress((ulong)(FirstRing + RingStride * queue + 16 * random.Next(DriveEntries))), descriptor);
        var content = new byte[64];
        if (random.Next(2) == 0)
            random.NextBytes(content);
        (content[0], content[1]) = ((byte)random.Next(6), (byte)random.Next(6));
        wiring.Memory.TryWrite(new GuestPhysicalAddress((ulong)buffer), content);
    }
}
