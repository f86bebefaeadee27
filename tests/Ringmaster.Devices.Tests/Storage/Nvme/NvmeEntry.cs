using System.Buffers.Binary;

namespace Ringmaster.Devices.Tests.Storage.Nvme;

/// <summary>A command as a driver composes it.</summary>
public readonly record struct NvmeEntry(byte Opcode, uint Namespace = 0, ulong Prp1 = 0, ulong Prp2 = 0, uint Cdw10 = 0, uint Cdw11 = 0, uint Cdw12 = 0)
{
    /// <summary>Bits 15 to 8 of doubleword 0: fusing, and how data is described.</summary>
    public byte Flags { get; init; }

    public byte[] ToBytes(ushort id)
    {
        var bytes = new byte[64];
        BinaryPrimitives.WriteUInt32LittleEndian(bytes, Opcode | (uint)Flags << 8 | (uint)id << 16);
        BinaryPrimitives.WriteUInt32LittleEndian(bytes.AsSpan(4), Namespace);
        BinaryPrimitives.WriteUInt64LittleEndian(bytes.AsSpan(24), Prp1);
        BinaryPrimitives.WriteUInt64LittleEndian(bytes.AsSpan(32), Prp2);
        BinaryPrimitives.WriteUInt32LittleEndian(bytes.AsSpan(40), Cdw10);
        BinaryPrimitives.WriteUInt32LittleEndian(bytes.AsSpan(44), Cdw11);
        BinaryPrimitives.WriteUInt32LittleEndian(bytes.AsSpan(48), Cdw12);
        return bytes;
    }
}
