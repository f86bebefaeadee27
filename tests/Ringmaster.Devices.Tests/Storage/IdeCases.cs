using System.Runtime.CompilerServices;
using Ringmaster.Devices.Pci;
using Ringmaster.Devices.Storage.Ata;
using Ringmaster.Devices.Storage.Ide;
using Ringmaster.Devices.Tests.Contract;
using Ringmaster.Memory;

namespace Ringmaster.Devices.Tests.Storage;

public sealed class IdeCases : IDeviceCases
{
    private static readonly byte[] s_diskCommands =
        [0x06, 0x40, 0x42, 0x47, 0x20, 0x24, 0x29, 0x30, 0x34, 0x39, 0x40, 0x91, 0xC4, 0xC5, 0xC6, 0xC8, 0xCA, 0x25, 0x35, 0x3D, 0xE7, 0xE0, 0xEC, 0xEF, 0xB0, 0x06, 0xF8, 0x90];

    private static readonly byte[] s_packets =
        [0x00, 0x03, 0x12, 0x1A, 0x1B, 0x1E, 0x25, 0x28, 0x28, 0x28, 0x2B, 0x43, 0x46, 0x4A, 0x51, 0x52, 0x5A, 0xA8, 0xAD, 0xB9, 0xBB, 0xBD, 0xBE, 0xBE];

    private readonly ConditionalWeakTable<IDevice, DrainingDisk> _disks = [];

    public IEnumerable<DeviceCase> Cases =>
    [
        new("ide disk", wiring => Make(wiring, disk => new AtaDisk(disk, new AtaModel("SN", "Disk", "1"))))
        {
            Stimulate = (device, wiring, random) => Act((PiixIde)device, wiring, random, GiveDiskCommand),
        },
        new("ide cd", wiring => Make(wiring, disk => new AtapiDrive(disk, new AtaModel("SN", "CD", "1"))))
        {
            Stimulate = (device, wiring, random) => Act((PiixIde)device, wiring, random, GivePacket),
        },
        new("ide legacy", wiring =>
        {
            var disk = new DrainingDisk(wiring.Disk);
            var controller = new IdeController(
                new IdeChannel(wiring.Line("irq14"), new AtaDisk(disk, new AtaModel("SN", "Disk", "1")), new AtapiDrive(null, new AtaModel("S", "C", "1"))));
            _disks.Add(controller, disk);
            return controller;
        })
        {
            Stimulate = (device, wiring, random) => _disks.GetOrCreateValue(device).CompleteSome(random.Next(3)),
        },
    ];

    private PiixIde Make(TestWiring wiring, Func<DrainingDisk, AtaDevice> drive)
    {
        var disk = new DrainingDisk(wiring.Disk);
        var ide = new PiixIde(wiring.Dma, new IdeChannel(wiring.Line("irq14"), drive(disk), null), new IdeChannel(wiring.Line("irq15"), null, null));
        _disks.Add(ide, disk);
        return ide;
    }

    private void Act(PiixIde ide, TestWiring wiring, Random random, Action<PiixIde, Random> give)
    {
        if (!_disks.TryGetValue(ide, out var disk))
            throw new InvalidOperationException("Every device of these cases has a disk.");
        wiring.Disk.Outcome = random.Next(30) == 0 ? Devices.Storage.BlockStatus.Failed : Devices.Storage.BlockStatus.Done;
        ide.Pci.WriteConfig(PciRegister.Command, 2, 5);
        ide.Pci.WriteConfig(0x40, 4, 0x8000_8000);
        disk.CompleteSome(random.Next(3));
        for (var i = random.Next(4); i > 0; i--)
            Step(ide, wiring, random, give);
        disk.CompleteSome(random.Next(3));
        wiring.Note($"status {ide.ReadPort(new IoPort(0x3F6), 1):x}, master {ide.Pci.Bars[0].Registers.Read(0, 8):x}");
    }

    private static void Step(PiixIde ide, TestWiring wiring, Random random, Action<PiixIde, Random> give)
    {
        var master = ide.Pci.Bars[0].Registers;
        switch (random.Next(6))
        {
            case 0:
                give(ide, random);
                // Half of the time the guest goes on as it should.
                for (var i = random.Next(2) * 2000; i > 0 && (ide.ReadPort(new IoPort(0x3F6), 1) & 0x88) == 0x08; i--)
                {
                    ide.WritePort(new IoPort(0x1F0), 4, (uint)random.Next());
                    ide.ReadPort(new IoPort(0x1F0), 4);
                }
                break;
            case 1:
                // The table lies apart from the regions, so that no transfer overwrites it.
                const uint table = 0xF000;
                for (uint at = table; at < table + 64; at += 8)
                    wiring.Memory.TryWrite(new GuestPhysicalAddress(at), (uint)random.Next(0x8000) | (ulong)(uint)random.Next(0x4000) << 32 | (random.Next(6) == 0 ? 1UL << 63 : 0));
                // Somewhere there are ranges that a disk may be asked to trim.
                for (var at = (uint)random.Next(0x7000) & ~7u; random.Next(8) != 0; at += 8)
                    wiring.Memory.TryWrite(new GuestPhysicalAddress(at), (ulong)(uint)random.Next(64) | 1UL << 48);
                master.Write(4, 4, table);
                master.Write(0, 1, 0);
                master.Write(0, 1, 9);
                break;
            case 2:
                ide.WritePort(new IoPort(0x3F6), 1, random.Next(8) == 0 ? 4u : 0);
                break;
            default:
                var reads = random.Next(2) == 0;
                for (var i = random.Next(1200); i > 0; i--)
                {
                    if (reads)
                        ide.ReadPort(new IoPort(0x1F0), 4);
                    else
                        ide.WritePort(new IoPort(0x1F0), 4, (uint)random.Next());
                }
                break;
        }
    }

    private static void GiveDiskCommand(PiixIde ide, Random random)
    {
        Out(ide, 6, (byte)(random.Next(3) == 0 ? 0xA0 : 0xE0));
        foreach (var value in new[] { 0, random.Next(3) == 0 ? random.Next(70) : random.Next(1, 5), random.Next(70), 0, 0 }.Select((v, i) => (Register: i + 1, Value: v)))
        {
            if (value.Register >= 2)
                Out(ide, value.Register, 0);
            Out(ide, value.Register, (byte)value.Value);
        }
        Out(ide, 1, (byte)(random.Next(2) == 0 ? 1 : random.Next(256)));
        var command = s_diskCommands[random.Next(s_diskCommands.Length)];
        if (command == 0x47 && random.Next(2) == 0)
        {
            // There is one log, of one sector.
            foreach (var (register, value) in new[] { (2, 0), (2, 1), (3, 0), (3, 0) })
                Out(ide, register, (byte)value);
        }
        Out(ide, 7, command);
    }

    private static void GivePacket(PiixIde ide, Random random)
    {
        Out(ide, 6, 0xA0);
        Out(ide, 1, (byte)random.Next(2));
        Out(ide, 4, (byte)random.Next(256));
        Out(ide, 5, (byte)random.Next(256));
        Out(ide, 7, random.Next(16) == 0 ? (byte)0xA1 : (byte)0xA0);
        var packet = new byte[12];
        packet[0] = s_packets[random.Next(s_packets.Length)];
        packet[random.Next(1, 12)] = (byte)random.Next(256);
        (packet[5], packet[8]) = ((byte)random.Next(18), (byte)random.Next(20));
        if (packet[0] is 0xBE)
            packet[9] = (byte)random.Next(256);
        var sent = random.Next(8) == 0 ? random.Next(6) * 2 : packet.Length;
        for (var i = 0; i < sent; i += 2)
            ide.WritePort(new IoPort(0x1F0), 2, (uint)(packet[i] | packet[i + 1] << 8));
    }

    private static void Out(PiixIde ide, int register, byte value) => ide.WritePort(new IoPort((ushort)(0x1F0 + register)), 1, value);
}
