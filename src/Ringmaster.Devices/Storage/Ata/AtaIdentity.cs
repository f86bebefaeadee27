using System.Buffers.Binary;

namespace Ringmaster.Devices.Storage.Ata;

/// <summary>What a disk tells about itself (ATA8-ACS section 7.16).</summary>
/// <param name="serial">The serial number: 1 to 20 printable ASCII characters.</param>
/// <param name="isSerialAta">Whether it is behind a SATA port, and so can queue commands.</param>
internal sealed class AtaIdentity(string serial, bool isSerialAta)
{
    /// <summary>Bytes of a page: a sector.</summary>
    public const int Size = 512;

    /// <summary>Characters of the longest serial number.</summary>
    public const int LongestSerial = 20;

    /// <summary>The most sectors of a block of READ MULTIPLE.</summary>
    public const int MostMultiple = 16;

    /// <summary>Sectors of ranges that a DATA SET MANAGEMENT command can have.</summary>
    public const int MostRangeSectors = 4;

    private const string Model = "Ringmaster ATA disk", Firmware = "1";

    /// <summary>The page of IDENTIFY DEVICE.</summary>
    /// <param name="disk">The disk.</param>
    /// <param name="settings">What software has set.</param>
    public byte[] ToPage(IBlockBackend disk, AtaDiskState settings)
    {
        var words = new ushort[Size / 2];
        var sectors = disk.Length / BlockRequest.SectorSize;
        DescribeGeometry(words, sectors);
        Text(words, 10, 10, serial);
        Text(words, 23, 4, Firmware);
        Text(words, 27, 20, Model);
        words[47] = 0x8000 | MostMultiple;
        words[48] = 0x4000;
        words[49] = 0x2F00; // standby timers, IORDY, LBA and DMA
        words[50] = 0x4000;
        words[53] = 7;
        words[59] = (ushort)(settings.MultipleCount == 0 ? 0 : 0x100 | settings.MultipleCount);
        words[63] = (ushort)(0x0007 | (settings.MultiwordMode < 0 ? 0 : 0x100 << settings.MultiwordMode));
        words[64] = 3; // PIO modes 3 and 4
        words.AsSpan(65, 4).Fill(120); // nanoseconds of a transfer
        if (isSerialAta)
            (words[75], words[76]) = (31, 0x0106); // 32 queued commands; 1.5 and 3 Gb/s
        words[80] = 0x01F0; // ATA/ATAPI-4 to ATA8-ACS
        words[82] = 0x0069; // look-ahead, write cache, power management, SMART
        words[83] = 0x7400; // flushes, 48-bit addresses
        words[84] = 0x4060; // logs, writes that last
        words[85] = (ushort)(0x0008 | (settings.IsSmartEnabled ? 1 : 0) | (settings.WriteCache ? 0x20 : 0) | (settings.LookAhead ? 0x40 : 0));
        words[86] = 0x3400;
        words[87] = 0x4060;
        words[88] = (ushort)(0x007F | (settings.UltraMode < 0 ? 0 : 0x100 << settings.UltraMode));
        words[93] = (ushort)(isSerialAta ? 0 : 0x600B); // the cable has 80 wires
        words[105] = MostRangeSectors;
        words[106] = 0x4000;
        words[169] = (ushort)(disk.CanDiscard ? 1 : 0);
        words[217] = 1; // it does not turn
        words[222] = (ushort)(isSerialAta ? 0x1018 : 0);
        return Seal(words);
    }

    private static void DescribeGeometry(ushort[] words, ulong sectors)
    {
        const int heads = 16, sectorsOfTrack = 63;
        const ulong most28 = 0x0FFF_FFFF;
        var cylinders = (ushort)Math.Clamp(sectors / (heads * sectorsOfTrack), 1, 16383);
        words[0] = 0x0040;
        (words[1], words[3], words[6]) = (cylinders, heads, sectorsOfTrack);
        (words[54], words[55], words[56]) = (cylinders, heads, sectorsOfTrack);
        var inGeometry = (uint)(cylinders * heads * sectorsOfTrack);
        (words[57], words[58]) = ((ushort)inGeometry, (ushort)(inGeometry >> 16));
        var in28 = (uint)Math.Min(sectors, most28);
        (words[60], words[61]) = ((ushort)in28, (ushort)(in28 >> 16));
        for (var i = 0; i < 4; i++)
            words[100 + i] = (ushort)(sectors >> (16 * i));
    }

    /// <summary>The first character of each pair is in the upper byte.</summary>
    private static void Text(ushort[] words, int first, int count, string text)
    {
        text = text.PadRight(count * 2);
        for (var i = 0; i < count; i++)
            words[first + i] = (ushort)(text[2 * i] << 8 | text[2 * i + 1]);
    }

    /// <summary>The last word makes the sum of all bytes zero.</summary>
    private static byte[] Seal(ushort[] words)
    {
        var page = new byte[Size];
        for (var i = 0; i < words.Length; i++)
            BinaryPrimitives.WriteUInt16LittleEndian(page.AsSpan(2 * i), words[i]);
        page[510] = 0xA5;
        page[511] = Checksum(page);
        return page;
    }

    /// <summary>What the last byte of a page must be for the sum of all to be zero.</summary>
    internal static byte Checksum(byte[] page)
    {
        var sum = 0;
        for (var i = 0; i < Size - 1; i++)
            sum += page[i];
        return (byte)-sum;
    }
}
