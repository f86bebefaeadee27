using System.Runtime.CompilerServices;
using Ringmaster.Devices.Chipset.DmaController;
using Ringmaster.Devices.Storage.Floppy;
using Ringmaster.Devices.Tests.Contract;
using Ringmaster.Memory;

namespace Ringmaster.Devices.Tests.Storage;

public sealed class FloppyCases : IDeviceCases
{
    private static readonly byte[] s_commands =
        [0x42, 0x45, 0x46, 0xC6, 0xC5, 0x49, 0x4C, 0x56, 0x4A, 0x4D, 0x07, 0x08, 0x0F, 0x04, 0x0E, 0x13, 0x03, 0x12, 0x94, 0x14, 0x8F, 0xCF, 0x10];

    private readonly ConditionalWeakTable<IDevice, DrainingDisk> _disks = [];

    public IEnumerable<DeviceCase> Cases =>
    [
        new("floppy", Make) { Stimulate = Act },
        new("isa dma", wiring => new IsaDmaController(wiring.Dma)) { Stimulate = Move },
    ];

    private FloppyController Make(TestWiring wiring)
    {
        wiring.Disk.Content = new byte[160 * 1024];
        var disk = new DrainingDisk(wiring.Disk);
        var controller = new FloppyController(wiring.Line("irq6"), new SteadyChannel(wiring.Note), new FloppyDrive(disk, FloppyDriveKind.DoubleDensity5));
        _disks.Add(controller, disk);
        return controller;
    }

    private void Act(IDevice device, TestWiring wiring, Random random)
    {
        if (!_disks.TryGetValue(device, out var disk))
            throw new InvalidOperationException("The case has a disk.");
        wiring.Disk.Outcome = random.Next(30) == 0 ? Devices.Storage.BlockStatus.Failed : Devices.Storage.BlockStatus.Done;
        var controller = (FloppyController)device;
        disk.CompleteSome(random.Next(3));
        Out(controller, 2, 0x1C);
        Out(controller, 7, (byte)(random.Next(6) == 0 ? random.Next(4) : 2));
        // Takes results and data that are there, gives data that is wanted, then a new command.
        for (var i = random.Next(1000); i > 0; i--)
        {
            var status = controller.ReadPort(new IoPort(0x3F4), 1);
            if ((status & 0x90) == 0x80)
                break;
            if ((status & 0x40) != 0)
                wiring.Note($"fifo {controller.ReadPort(new IoPort(0x3F5), 1):x}");
            else
                Out(controller, 5, (byte)random.Next(256));
        }
        Out(controller, 5, s_commands[random.Next(s_commands.Length)]);
        foreach (var value in new[] { random.Next(8) == 0 ? random.Next(256) : 0, random.Next(3), random.Next(3) == 0 ? random.Next(9) : 0, random.Next(9), 2, random.Next(9), 0, random.Next(5) })
            Out(controller, 5, (byte)value);
        disk.CompleteSome(random.Next(3));
        if (random.Next(50) == 0)
            controller.ChangeDiskette(0, disk);
    }

    private static void Move(IDevice device, TestWiring wiring, Random random)
    {
        var channel = ((IsaDmaController)device).ChannelFor(random.Next(4));
        var bytes = new byte[random.Next(2000)];
        if (random.Next(2) == 0)
        {
            random.NextBytes(bytes);
            wiring.Note($"{channel.ToMemory(bytes)}");
        }
        else
        {
            wiring.Note($"{channel.FromMemory(bytes)} {Convert.ToHexString(bytes)}");
        }
    }

    private static void Out(FloppyController controller, int register, byte value) =>
        controller.WritePort(new IoPort((ushort)(0x3F0 + register)), 1, value);

    /// <summary>Takes and gives up to two sectors at a time, and then is at its end if that was all that was offered.</summary>
    private sealed class SteadyChannel(Action<string> note) : IDmaChannel
    {
        private const int Most = 1024;

        public Action? Ready { get; set; }

        public DmaTransfer ToMemory(ReadOnlySpan<byte> bytes)
        {
            note($"dma takes {Convert.ToHexString(bytes[..Math.Min(8, bytes.Length)])}");
            return new DmaTransfer(Math.Min(bytes.Length, Most), bytes.Length >= Most);
        }

        public DmaTransfer FromMemory(Span<byte> bytes)
        {
            var moved = Math.Min(bytes.Length, Most);
            for (var i = 0; i < moved; i++)
                bytes[i] = (byte)(i % 4 == 3 ? 2 : i % 4 == 2 ? i / 4 + 1 : 0);
            return new DmaTransfer(moved, bytes.Length >= Most);
        }
    }
}
