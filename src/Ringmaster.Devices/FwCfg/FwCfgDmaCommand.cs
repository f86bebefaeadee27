using System.Buffers.Binary;

namespace Ringmaster.Devices.FwCfg;

/// <summary>FWCfgDmaAccess, the DMA interface's 16-byte command in guest RAM; all fields big-endian.</summary>
/// <param name="Control">What to do; the high half is a key.</param>
/// <param name="Length">Bytes.</param>
/// <param name="Address">Where they are or go.</param>
internal readonly record struct FwCfgDmaCommand(uint Control, uint Length, ulong Address)
{
    public const int Size = 16;
    public const uint ErrorBit = 1 << 0, ReadBit = 1 << 1, SkipBit = 1 << 2, SelectBit = 1 << 3, WriteBit = 1 << 4;

    public bool Selects => (Control & SelectBit) != 0;

    public ushort Key => (ushort)(Control >> 16);

    /// <summary>Of several operations the first in the order read, write, skip counts.</summary>
    public bool Reads => (Control & ReadBit) != 0;

    public bool Writes => !Reads && (Control & WriteBit) != 0;

    public bool Skips => !Reads && !Writes && (Control & SkipBit) != 0;

    public static FwCfgDmaCommand Parse(ReadOnlySpan<byte> bytes) => new(
        BinaryPrimitives.ReadUInt32BigEndian(bytes),
        BinaryPrimitives.ReadUInt32BigEndian(bytes[4..]),
        BinaryPrimitives.ReadUInt64BigEndian(bytes[8..]));
}
