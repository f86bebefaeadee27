using System.Buffers.Binary;
using Ringmaster.Devices.Dma;
using Ringmaster.Memory;

namespace Ringmaster.Devices.Storage.Nvme;

/// <summary>Physical region page entries and lists: where in memory a command's data is (NVM Express 1.4 section 4.3).</summary>
internal static class NvmePrp
{
    private const int Page = GuestPhysicalAddress.PageSize, EntrySize = 8;

    /// <summary>Collects where a command's data is. Whether that is RAM is not looked at.</summary>
    /// <param name="dma">The guest's memory.</param>
    /// <param name="command">The command.</param>
    /// <param name="length">Bytes; bounds how much of a list is read.</param>
    /// <param name="memory">Gets the ranges.</param>
    public static NvmeStatus Collect(DmaSpace dma, in NvmeCommand command, int length, out ScatterList memory)
    {
        memory = new ScatterList();
        if (command.Prp1 % 4 != 0)
            return NvmeStatus.InvalidPrpOffset;
        var first = Math.Min(length, Page - (int)(command.Prp1 % Page));
        memory.Add(new(command.Prp1), (ulong)first);
        var left = length - first;
        if (left == 0)
            return NvmeStatus.Success;
        if (left > Page)
            return CollectList(dma, command.Prp2, left, memory);
        if (command.Prp2 % Page != 0)
            return NvmeStatus.InvalidPrpOffset;
        memory.Add(new(command.Prp2), (ulong)left);
        return NvmeStatus.Success;
    }

    /// <summary>Every list but the first fills a page, so a chain of them cannot be without end.</summary>
    private static NvmeStatus CollectList(DmaSpace dma, ulong list, int left, ScatterList memory)
    {
        Span<byte> entries = stackalloc byte[Page];
        if (list % EntrySize != 0)
            return NvmeStatus.InvalidPrpOffset;
        while (true)
        {
            var room = (Page - (int)(list % Page)) / EntrySize;
            var wanted = (left + Page - 1) / Page;
            var count = Math.Min(room, wanted);
            if (!dma.TryRead(new GuestPhysicalAddress(list), entries[..(count * EntrySize)]))
                return NvmeStatus.DataTransferError;
            for (var i = 0; i < count; i++)
            {
                var entry = BinaryPrimitives.ReadUInt64LittleEndian(entries[(i * EntrySize)..]);
                if (entry % Page != 0)
                    return NvmeStatus.InvalidPrpOffset;
                if (i == room - 1 && wanted > room)
                {
                    list = entry;
                    break;
                }
                var size = Math.Min(left, Page);
                memory.Add(new(entry), (ulong)size);
                left -= size;
            }
            if (left == 0)
                return NvmeStatus.Success;
        }
    }
}
