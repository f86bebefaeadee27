using System.Buffers.Binary;
using System.Numerics;

namespace Ringmaster.Devices.Flash;

/// <summary>What a flash memory tells of itself in query mode (JEDEC JESD68.01, "Common Flash Interface").</summary>
internal static class CfiTable
{
    private const int Identification = 0x10, SystemInterface = 0x1B, Geometry = 0x27, Primary = 0x31;

    /// <summary>Makes the table; what it does not hold reads as zero.</summary>
    /// <param name="size">Bytes of the memory.</param>
    /// <param name="blockSize">Bytes that are erased together.</param>
    /// <param name="bufferSize">Bytes that can be programmed together.</param>
    public static byte[] Build(int size, int blockSize, int bufferSize)
    {
        var table = new byte[Primary + 15];
        "QRY"u8.CopyTo(table.AsSpan(Identification));
        // The Intel command set, extended, and where its own table is; no other set.
        BinaryPrimitives.WriteUInt16LittleEndian(table.AsSpan(Identification + 3), 0x0001);
        BinaryPrimitives.WriteUInt16LittleEndian(table.AsSpan(Identification + 5), Primary);
        // Supply of 4.5 to 5.5 V; times as powers of two in us and ms: byte, buffer, block; the longest are 16 times as long.
        byte[] system = [0x45, 0x55, 0, 0, 7, 7, 10, 0, 4, 4, 4, 0];
        system.CopyTo(table, SystemInterface);
        table[Geometry] = (byte)BitOperations.Log2(BitOperations.RoundUpToPowerOf2((uint)size));
        // A bus of 8 bits is interface 0. One region of blocks that are all alike: how many, less one, and their size in 256 bytes.
        BinaryPrimitives.WriteUInt16LittleEndian(table.AsSpan(Geometry + 3), (ushort)(BitOperations.Log2((uint)bufferSize)));
        table[Geometry + 5] = 1;
        BinaryPrimitives.WriteUInt16LittleEndian(table.AsSpan(Geometry + 6), (ushort)(size / blockSize - 1));
        BinaryPrimitives.WriteUInt16LittleEndian(table.AsSpan(Geometry + 8), (ushort)(blockSize / 256));
        // Version 1.0 of the extended table: nothing can be suspended or locked.
        "PRI10"u8.CopyTo(table.AsSpan(Primary));
        return table;
    }
}
