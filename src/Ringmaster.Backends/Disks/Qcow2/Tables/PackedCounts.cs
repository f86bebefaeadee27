using System.Buffers.Binary;

namespace Ringmaster.Backends.Disks.Qcow2.Tables;

/// <summary>Reads and writes reference counts of 1 to 64 bits (QEMU, docs/interop/qcow2.txt, Host cluster management).</summary>
internal static class PackedCounts
{
    internal static ulong Get(ReadOnlySpan<byte> block, int index, int order) => order switch
    {
        3 => block[index],
        4 => BinaryPrimitives.ReadUInt16BigEndian(block[(index * 2)..]),
        5 => BinaryPrimitives.ReadUInt32BigEndian(block[(index * 4)..]),
        6 => BinaryPrimitives.ReadUInt64BigEndian(block[(index * 8)..]),
        // Counts of less than a byte start at the byte's lowest bits.
        _ => (ulong)(block[index >> (3 - order)] >> Shift(index, order)) & Mask(order),
    };

    internal static void Set(Span<byte> block, int index, int order, ulong value)
    {
        switch (order)
        {
            case 3:
                block[index] = (byte)value;
                break;
            case 4:
                BinaryPrimitives.WriteUInt16BigEndian(block[(index * 2)..], (ushort)value);
                break;
            case 5:
                BinaryPrimitives.WriteUInt32BigEndian(block[(index * 4)..], (uint)value);
                break;
            case 6:
                BinaryPrimitives.WriteUInt64BigEndian(block[(index * 8)..], value);
                break;
            default:
                ref var packed = ref block[index >> (3 - order)];
                packed = (byte)((packed & ~(Mask(order) << Shift(index, order))) | (value << Shift(index, order)));
                break;
        }
    }

    /// <summary>The bytes that hold a count.</summary>
    internal static (int At, int Count) BytesOf(int index, int order) =>
        order >= 3 ? (index << (order - 3), 1 << (order - 3)) : (index >> (3 - order), 1);

    /// <summary>The bits of an index that say which count of <see cref="BytesOf"/> it is.</summary>
    internal static int IndexInBytes(int order) => order >= 3 ? 0 : (1 << (3 - order)) - 1;

    private static int Shift(int index, int order) => (index & ((1 << (3 - order)) - 1)) << order;

    private static ulong Mask(int order) => (1UL << (1 << order)) - 1;
}
