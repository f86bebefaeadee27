using Ringmaster.Devices.Storage;
using Ringmaster.Devices.Storage.Nvme;
using Ringmaster.Devices.Tests.Contract;
using Ringmaster.Memory;

namespace Ringmaster.Devices.Tests.Storage.Nvme;

public sealed class NvmeCases : IDeviceCases
{
    private const ulong AdminSubmission = 0x1000, AdminCompletion = 0x2000, Submission = 0x3000, Completion = 0x4000, Data = 0x8000;

    private static readonly byte[] s_adminOpcodes = [0, 1, 2, 4, 5, 6, 8, 9, 10, 12, 0x55];
    private static readonly byte[] s_opcodes = [0, 1, 2, 5, 8, 9, 0x55];

    public IEnumerable<DeviceCase> Cases =>
    [
        new("nvme", wiring => new NvmeController(wiring.Disk, wiring.Dma, wiring.Clock, "123")) { Stimulate = Act },
        new("nvme read-only", Create) { Stimulate = Act },
    ];

    private static NvmeController Create(TestWiring wiring)
    {
        wiring.Disk.IsReadOnly = true;
        return new NvmeController(wiring.Disk, wiring.Dma, wiring.Clock, "123");
    }

    private static void Act(IDevice device, TestWiring wiring, Random random)
    {
        var controller = (NvmeController)device;
        switch (random.Next(8))
        {
            case 0:
                Enable(controller, random);
                break;
            case 1:
                wiring.Disk.CompleteSome(random.Next(4));
                break;
            case 2:
                wiring.Disk.Outcome = (BlockStatus)random.Next(5);
                break;
            case 3:
                controller.Pci.Bars[0].Registers.Write(0x1000 + (ulong)random.Next(6) * 4, 4, (ulong)random.Next(16));
                break;
            case < 6:
                Submit(controller, wiring, random, AdminSubmission, 0, s_adminOpcodes);
                break;
            default:
                Submit(controller, wiring, random, Submission, 1 + random.Next(2), s_opcodes);
                break;
        }
    }

    private static void Enable(NvmeController controller, Random random)
    {
        controller.Pci.WriteConfig(4, 2, 6);
        if ((controller.Pci.Bars[0].Registers.Read(0x1C, 4) & 2) != 0 || random.Next(4) == 0)
            controller.Pci.Bars[0].Registers.Write(0x14, 4, 0);
        controller.Pci.Bars[0].Registers.Write(0x24, 4, 0x000F_000F);
        controller.Pci.Bars[0].Registers.Write(0x28, 8, AdminSubmission);
        controller.Pci.Bars[0].Registers.Write(0x30, 8, AdminCompletion);
        controller.Pci.Bars[0].Registers.Write(0x14, 4, 0x0046_0001);
    }

    private static void Submit(NvmeController controller, TestWiring wiring, Random random, ulong queue, int number, byte[] opcodes)
    {
        for (ulong slot = 0; slot < 16; slot++)
        {
            var entry = Entry(random, opcodes[random.Next(opcodes.Length)], isAdmin: number == 0);
            wiring.Memory.TryWrite(new GuestPhysicalAddress(queue + slot * 64), entry.ToBytes((ushort)random.Next(8)));
        }
        controller.Pci.Bars[0].Registers.Write(0x1000 + (ulong)number * 8, 4, (ulong)random.Next(16));
        controller.Pci.Bars[0].Registers.Write(0x1004 + (ulong)number * 8, 4, (ulong)random.Next(16));
    }

    private static NvmeEntry Entry(Random random, byte opcode, bool isAdmin) => new(
        opcode,
        (uint)random.Next(3) + (random.Next(8) == 0 ? uint.MaxValue : 0),
        isAdmin && opcode is 1 or 5 ? (opcode == 1 ? Submission : Completion) : Data + (ulong)random.Next(4) * 0x400,
        random.Next(4) == 0 ? (ulong)random.NextInt64() : Data + (ulong)random.Next(8) * 0x1000,
        isAdmin ? (uint)random.Next(8) | (uint)random.Next(32) << 16 : (uint)random.Next(70),
        isAdmin ? (uint)random.Next(4) | (uint)random.Next(3) << 16 : opcode == 9 ? 4u : (uint)random.Next(8) / 7,
        (uint)random.Next(random.Next(4) == 0 ? 2000 : 20) | (uint)random.Next(2) << 30);
}
