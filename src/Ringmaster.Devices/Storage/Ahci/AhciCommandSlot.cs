using System.Buffers.Binary;
using Ringmaster.Devices.Dma;
using Ringmaster.Memory;

namespace Ringmaster.Devices.Storage.Ahci;

/// <summary>A command header and the table that it points to (AHCI 1.3.1 section 4.2.2 and 4.2.3).</summary>
internal readonly struct AhciCommandSlot
{
    /// <summary>Bytes of a header.</summary>
    public const int HeaderSize = 32;

    private const int PacketOffset = 0x40, RegionsOffset = 0x80, RegionSize = 16, RegionsAtOnce = 256;

    private readonly GuestPhysicalAddress _header, _table;
    private readonly int _regions;

    private AhciCommandSlot(GuestPhysicalAddress header, ReadOnlySpan<byte> bytes)
    {
        _header = header;
        HasPacket = (bytes[0] & 0x20) != 0;
        _regions = BinaryPrimitives.ReadUInt16LittleEndian(bytes[2..]);
        _table = new(BinaryPrimitives.ReadUInt64LittleEndian(bytes[8..]) & ~0x7Ful);
    }

    /// <summary>Whether a packet belongs to the command.</summary>
    public bool HasPacket { get; }

    /// <summary>Reads a header.</summary>
    /// <returns>False if it is not in memory.</returns>
    public static bool TryRead(DmaSpace dma, GuestPhysicalAddress header, out AhciCommandSlot slot)
    {
        Span<byte> bytes = stackalloc byte[HeaderSize];
        slot = default;
        if (!dma.TryRead(header, bytes))
            return false;
        slot = new AhciCommandSlot(header, bytes);
        return true;
    }

    /// <summary>Reads the frame with the command.</summary>
    /// <returns>False if it is not in memory.</returns>
    public bool TryReadFrame(DmaSpace dma, Span<byte> fis) => dma.TryRead(_table, fis);

    /// <summary>Reads the packet.</summary>
    /// <returns>False if it is not in memory.</returns>
    public bool TryReadPacket(DmaSpace dma, Span<byte> packet) => dma.TryRead(_table + PacketOffset, packet);

    /// <summary>Stores how many bytes were moved.</summary>
    /// <returns>False if the header is not in memory.</returns>
    public bool TryStoreCount(DmaSpace dma, int bytes) => dma.TryWrite(_header + 4, (uint)bytes);

    /// <summary>Collects where a command's data is, in a number of regions that is bounded.</summary>
    /// <param name="dma">The guest's memory.</param>
    /// <param name="length">Bytes.</param>
    /// <param name="mostRegions">The most regions to read.</param>
    /// <param name="memory">Gets the ranges; they hold fewer bytes if there are not as many.</param>
    /// <returns>False if the table is not in memory.</returns>
    public bool TryCollect(DmaSpace dma, int length, int mostRegions, out ScatterList memory)
    {
        Span<byte> bytes = stackalloc byte[RegionsAtOnce * RegionSize];
        memory = new ScatterList();
        var left = (ulong)length;
        var regions = Math.Min(_regions, mostRegions);
        for (var first = 0; first < regions && left != 0; first += RegionsAtOnce)
        {
            var count = Math.Min(regions - first, RegionsAtOnce);
            if (!dma.TryRead(_table + (ulong)(RegionsOffset + first * RegionSize), bytes[..(count * RegionSize)]))
                return false;
            for (var i = 0; i < count && left != 0; i++)
            {
                // Regions begin at, and have, an even number of bytes.
                var region = bytes.Slice(i * RegionSize, RegionSize);
                var start = BinaryPrimitives.ReadUInt64LittleEndian(region) & ~1ul;
                var size = Math.Min(left, (BinaryPrimitives.ReadUInt32LittleEndian(region[12..]) & 0x3F_FFFF | 1u) + 1u);
                memory.Add(new(start), size);
                left -= size;
            }
        }
        return true;
    }
}
