using System.Buffers.Binary;

namespace Ringmaster.Firmware.Boot;

/// <summary>Four-level page tables that map the first 4 GiB one to one with 2 MiB pages (SDM 3A 4.5).</summary>
internal static class IdentityPageTables
{
    private const int TableSize = 4096, DirectoryCount = 4;
    private const ulong PresentWritable = 3, LargePage = 1 << 7;

    /// <summary>Builds and puts them.</summary>
    /// <returns>The address of the PML4, for CR3.</returns>
    public static uint Put(BootPlacement placement)
    {
        // The entries hold addresses, so the place must be known before the content.
        var address = placement.PutLow("page tables", new byte[TableSize * (2 + DirectoryCount)], TableSize);
        var tables = new byte[TableSize * (2 + DirectoryCount)];
        Set(tables, 0, address + TableSize | PresentWritable);
        for (var directory = 0; directory < DirectoryCount; directory++)
        {
            Set(tables, TableSize + directory * 8, address + (ulong)(TableSize * (2 + directory)) | PresentWritable);
            for (var entry = 0; entry < 512; entry++)
            {
                var page = (ulong)directory << 30 | (ulong)entry << 21;
                Set(tables, TableSize * (2 + directory) + entry * 8, page | LargePage | PresentWritable);
            }
        }
        placement.Write(address, tables);
        return address;
    }

    private static void Set(byte[] tables, int offset, ulong value) =>
        BinaryPrimitives.WriteUInt64LittleEndian(tables.AsSpan(offset), value);
}
