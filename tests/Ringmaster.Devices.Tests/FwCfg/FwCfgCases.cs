using System.Buffers.Binary;
using System.Security.Cryptography;
using Ringmaster.Devices.FwCfg;
using Ringmaster.Devices.Tests.Contract;
using Ringmaster.Memory;

namespace Ringmaster.Devices.Tests.FwCfg;

public sealed class FwCfgCases : IDeviceCases
{
    public IEnumerable<DeviceCase> Cases => [new("fw-cfg", Create) { Stimulate = RunDmaCommand }];

    private static FwCfgDevice Create(TestWiring wiring)
    {
        var device = new FwCfgDevice("fw-cfg", wiring.Memory);
        device.AddItem(0x05, new byte[] { 0xAA, 0xBB });
        device.AddItem(0x8003, new byte[] { 0xCC });
        device.AddFile("etc/table", new byte[] { 1, 2, 3 });
        device.AddWritableFile("etc/pointer", new byte[] { 8, 7, 6, 5, 4, 3, 2, 1 }, NoteContent);
        device.AddWritableFile("etc/vmgenid", new byte[16], NoteContent);
        return device;

        void NoteContent(ReadOnlyMemory<byte> content) => wiring.Note($"content {Convert.ToHexStringLower(content.Span)}");
    }

    private static void RunDmaCommand(IDevice device, TestWiring wiring, Random random)
    {
        // Near both ends of RAM, and sometimes outside it.
        var where = (ulong)random.Next(8) * (TestWiring.MemorySize / 7) + (ulong)random.Next(32);
        Span<byte> command = stackalloc byte[16];
        BinaryPrimitives.WriteUInt32BigEndian(command, ((uint)random.Next(0x18, 0x24) << 16) | (uint)random.Next(32));
        BinaryPrimitives.WriteUInt32BigEndian(command[4..], random.Next(8) == 0 ? (uint)random.Next() : (uint)random.Next(24));
        BinaryPrimitives.WriteUInt64BigEndian(command[8..], random.Next(8) == 0 ? (ulong)random.NextInt64() : (ulong)random.Next(TestWiring.MemorySize));
        wiring.Memory.TryWrite(new GuestPhysicalAddress(where), command);

        var fwCfg = (FwCfgDevice)device;
        if (random.Next(2) == 0)
            fwCfg.WritePort(new IoPort(0x514), 4, 0);
        fwCfg.WritePort(new IoPort(0x518), 4, BinaryPrimitives.ReverseEndianness((uint)where));

        var memory = wiring.Memory.Window(new GuestPhysicalAddress(0), TestWiring.MemorySize);
        wiring.Note($"memory {Convert.ToHexStringLower(SHA256.HashData(memory))}");
    }
}
