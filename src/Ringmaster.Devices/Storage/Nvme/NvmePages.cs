using System.Buffers.Binary;
using System.Security.Cryptography;
using System.Text;

namespace Ringmaster.Devices.Storage.Nvme;

/// <summary>The data structures that tell software about controller, namespace and health.</summary>
/// <param name="serial">The serial number: 1 to 20 printable ASCII characters.</param>
internal sealed class NvmePages(string serial)
{
    /// <summary>Bytes of a data structure of Identify.</summary>
    public const int IdentifySize = 4096;

    /// <summary>The version that the controller implements: 1.4.</summary>
    public const uint Version = 0x0001_0400;

    private const string Model = "Ringmaster NVMe disk", Firmware = "1";
    private const int WarningTemperature = 343, CriticalTemperature = 353;
    private const long NanosecondsPerHour = 3_600_000_000_000;

    /// <summary>Names the namespace; the same serial number gives the same.</summary>
    private byte[] Uuid
    {
        get
        {
            // A UUID of version 8, RFC 9562 section 5.8: made as the maker likes.
            var uuid = SHA256.HashData(Encoding.ASCII.GetBytes("Ringmaster NVMe " + serial))[..16];
            uuid[6] = (byte)((uuid[6] & 0x0F) | 0x80);
            uuid[8] = (byte)((uuid[8] & 0x3F) | 0x80);
            return uuid;
        }
    }

    /// <summary>Identify Controller (NVM Express 1.4 figure 247).</summary>
    /// <param name="vendor">PCI vendor ID.</param>
    /// <param name="subsystemVendor">PCI subsystem vendor ID.</param>
    /// <param name="dataPages">The most pages that a command moves, as a power of two.</param>
    public byte[] Controller(ushort vendor, ushort subsystemVendor, byte dataPages)
    {
        const byte pagesOfLogs = 0b110, compareDiscardZeroes = 0b1101, cacheAndFlushOfAll = 0b111;
        var page = new byte[IdentifySize];
        Word(page, 0, vendor);
        Word(page, 2, subsystemVendor);
        Ascii(page, 4, 20, serial);
        Ascii(page, 24, 40, Model);
        Ascii(page, 64, 8, Firmware);
        page[77] = dataPages;
        Doubleword(page, 80, Version);
        page[111] = 1; // an I/O controller
        page[258] = 3; // Abort commands at once, less one
        page[259] = NvmeEvents.MostRequests - 1;
        page[260] = 0b11; // one firmware slot, read-only
        page[261] = pagesOfLogs;
        page[262] = NvmeErrorLog.Most - 1;
        Word(page, 266, WarningTemperature);
        Word(page, 268, CriticalTemperature);
        page[512] = 0x66; // submission queue entries of 64 bytes
        page[513] = 0x44; // completion queue entries of 16
        Doubleword(page, 516, 1); // namespaces
        Word(page, 520, compareDiscardZeroes);
        page[525] = cacheAndFlushOfAll;
        var name = $"nqn.2014-08.org.nvmexpress:uuid:{new Guid(Uuid, bigEndian: true):D}";
        Encoding.ASCII.GetBytes(name).CopyTo(page, 768);
        return page;
    }

    /// <summary>Identify Namespace (NVM Express 1.4 figure 245).</summary>
    /// <param name="disk">The disk.</param>
    public static byte[] Namespace(IBlockBackend disk)
    {
        var page = new byte[IdentifySize];
        var blocks = disk.Length / BlockRequest.SectorSize;
        Quadword(page, 0, blocks);
        Quadword(page, 8, blocks);
        Quadword(page, 16, blocks);
        page[33] = disk.CanDiscard ? (byte)8 : (byte)0; // Write Zeroes may deallocate; what deallocated blocks read as is left open
        page[99] = disk.IsReadOnly ? (byte)1 : (byte)0;
        page[130] = 9; // blocks of 2 to the power of 9 bytes
        return page;
    }

    /// <summary>The list of active namespaces (NVM Express 1.4 section 5.15.2.3).</summary>
    /// <param name="after">Only those with greater numbers.</param>
    public static byte[] ActiveNamespaces(uint after)
    {
        var page = new byte[IdentifySize];
        Doubleword(page, 0, after == 0 ? 1u : 0u);
        return page;
    }

    /// <summary>The namespace's identification descriptors (NVM Express 1.4 section 5.15.2.4).</summary>
    public byte[] Descriptors()
    {
        const byte typeUuid = 3;
        var page = new byte[IdentifySize];
        page[0] = typeUuid;
        page[1] = 16;
        Uuid.CopyTo(page, 4);
        return page;
    }

    /// <summary>The SMART log (NVM Express 1.4 section 5.14.1.2).</summary>
    /// <param name="statistics">What was counted.</param>
    /// <param name="errors">Errors that there have been.</param>
    /// <param name="isTemperatureCritical">Whether the temperature is beyond a threshold.</param>
    /// <param name="now">For how many nanoseconds the disk has been on.</param>
    public static byte[] Health(NvmeStatistics statistics, ulong errors, bool isTemperatureCritical, long now)
    {
        const ulong sectorsPerUnit = 1000;
        var page = new byte[512];
        page[0] = isTemperatureCritical ? (byte)2 : (byte)0;
        Word(page, 1, NvmeFeatures.Temperature);
        page[3] = 100; // spare, in percent
        page[4] = 10; // too little spare
        Quadword(page, 32, (statistics.SectorsRead / sectorsPerUnit) + (statistics.SectorsRead % sectorsPerUnit == 0 ? 0u : 1u));
        Quadword(page, 48, (statistics.SectorsWritten / sectorsPerUnit) + (statistics.SectorsWritten % sectorsPerUnit == 0 ? 0u : 1u));
        Quadword(page, 64, statistics.Reads);
        Quadword(page, 80, statistics.Writes);
        Quadword(page, 112, 1); // power cycles
        Quadword(page, 128, (ulong)(now / NanosecondsPerHour));
        Quadword(page, 160, statistics.MediaErrors);
        Quadword(page, 176, errors);
        return page;
    }

    /// <summary>The firmware slot log (NVM Express 1.4 section 5.14.1.3).</summary>
    public static byte[] FirmwareSlots()
    {
        var page = new byte[512];
        page[0] = 1;
        Ascii(page, 8, 8, Firmware);
        return page;
    }

    /// <summary>The log of commands and their effects (NVM Express 1.4 section 5.14.1.5).</summary>
    public static byte[] Effects()
    {
        const uint supported = 1, changesContent = 2;
        const int ioCommands = 1024;
        var page = new byte[4096];
        foreach (var opcode in Enum.GetValues<NvmeAdminOpcode>())
            Doubleword(page, 4 * (int)opcode, supported);
        foreach (var opcode in Enum.GetValues<NvmeIoOpcode>())
        {
            var changes = opcode is NvmeIoOpcode.Write or NvmeIoOpcode.WriteZeroes or NvmeIoOpcode.DatasetManagement;
            Doubleword(page, ioCommands + 4 * (int)opcode, supported | (changes ? changesContent : 0));
        }
        return page;
    }

    private static void Ascii(byte[] page, int offset, int length, string text)
    {
        page.AsSpan(offset, length).Fill((byte)' ');
        Encoding.ASCII.GetBytes(text).CopyTo(page, offset);
    }

    private static void Word(byte[] page, int offset, ushort value) => BinaryPrimitives.WriteUInt16LittleEndian(page.AsSpan(offset), value);

    private static void Doubleword(byte[] page, int offset, uint value) => BinaryPrimitives.WriteUInt32LittleEndian(page.AsSpan(offset), value);

    private static void Quadword(byte[] page, int offset, ulong value) => BinaryPrimitives.WriteUInt64LittleEndian(page.AsSpan(offset), value);
}
