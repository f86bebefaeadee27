using System.Buffers.Binary;
using System.Text;
using Ringmaster.Devices.Storage.Cd;

namespace Ringmaster.Devices.Storage.Ata;

/// <summary>What packet commands answer about drive and medium; null where there is no such answer. All numbers are big-endian.</summary>
internal static class MmcReplies
{
    private const byte DataTrack = 0x14, LeadOut = 0xAA;

    /// <summary>INQUIRY (SPC-3 6.4) and its vital product data: supported pages, serial number, identification.</summary>
    public static byte[]? Inquiry(AtaModel model, bool isVitalData, byte page)
    {
        const byte cdDrive = 0x05, removable = 0x80, spc3 = 0x05, responseFormat = 0x02;
        if (!isVitalData)
        {
            var text = Padded(model.Model, 24);
            return page == 0 ? [cdDrive, removable, spc3, responseFormat, 31, 0, 0, 0, .. text, .. Padded(model.Firmware, 4)] : null;
        }
        byte[]? content = page switch
        {
            0x00 => [0x00, 0x80, 0x83],
            0x80 => Padded(model.Serial, 20),
            // One designator of the drive, in ASCII, that begins with the vendor (SPC-3 7.6.3.4).
            0x83 => [0x02, 0x01, 0, 28, .. Padded(model.Model, 8), .. Padded(model.Serial, 20)],
            _ => null,
        };
        return content is null ? null : [cdDrive, page, 0, (byte)content.Length, .. content];
    }

    /// <summary>READ CAPACITY (MMC-5 6.25): the last block, and bytes of one.</summary>
    public static byte[] ReadCapacity(uint capacity) => [.. Long(capacity == 0 ? 0 : capacity - 1), .. Long(CdSector.UserLength)];

    /// <summary>READ TOC/PMA/ATIP (MMC-5 6.26): one track of data in one session.</summary>
    public static byte[]? Toc(uint capacity, int format, bool asTime, byte firstTrack)
    {
        const int tracks = 0, sessions = 1, full = 2;
        switch (format)
        {
            case tracks when firstTrack <= 1:
                return WithLength([1, 1, 0, DataTrack, 1, 0, .. Place(0, asTime), 0, DataTrack, LeadOut, 0, .. Place(capacity, asTime)]);
            case tracks when firstTrack == LeadOut:
                return WithLength([1, 1, 0, DataTrack, LeadOut, 0, .. Place(capacity, asTime)]);
            case sessions:
                return WithLength([1, 1, 0, DataTrack, 1, 0, .. Place(0, asTime)]);
            case full:
                var (start, end) = (CdTime.FromBlock(0), CdTime.FromBlock(capacity));
                return WithLength(
                [
                    1, 1,
                    .. Entry(0xA0, 1, 0, 0), // first track, kind of disc
                    .. Entry(0xA1, 1, 0, 0), // last track
                    .. Entry(0xA2, end.Minutes, end.Seconds, end.Frames), // lead-out
                    .. Entry(0x01, start.Minutes, start.Seconds, start.Frames),
                ]);
            default:
                return null;
        }
    }

    /// <summary>GET CONFIGURATION (MMC-5 6.5): features, and the profile of the present medium.</summary>
    public static byte[] Configuration(bool hasMedium, bool isDvd, int kind, ushort first)
    {
        const int current = 1, one = 2;
        const byte isCurrent = 1, isPersistent = 2, dvdRom = 0x10, cdRom = 0x08;
        var (isCdIn, isDvdIn) = (hasMedium && !isDvd, hasMedium && isDvd);
        (ushort Code, byte Version, byte Flags, byte[] Data)[] features =
        [
            (0x0000, 0, isCurrent | isPersistent, [0, dvdRom, Flag(isDvdIn), 0, 0, cdRom, Flag(isCdIn), 0]),
            (0x0001, 1, isCurrent | isPersistent, [0, 0, 0, 2, 1, 0, 0, 0]), // core: ATAPI, with device busy events
            (0x0002, 0, isCurrent | isPersistent, [0, 0, 0, 0]), // morphing: by polling
            (0x0003, 0, isCurrent | isPersistent, [0x29, 0, 0, 0]), // removable: a tray that ejects and locks
            (0x0010, 0, Flag(hasMedium), [.. Long(CdSector.UserLength), 0, 1, 0, 0]), // random access, a block at a time
            (0x001E, 0, Flag(isCdIn), []), // CD
            (0x001F, 0, Flag(isDvdIn), []), // DVD
            (0x0100, 0, isCurrent | isPersistent, []), // power management
            (0x0105, 0, isCurrent | isPersistent, []), // time-outs
        ];
        var content = new List<byte> { 0, 0, 0, isCdIn ? cdRom : isDvdIn ? dvdRom : (byte)0 };
        foreach (var (code, version, flags, data) in features)
        {
            if (kind == one ? code == first : code >= first && (kind != current || (flags & isCurrent) != 0))
                content.AddRange([.. Word(code), (byte)(version << 2 | flags), (byte)data.Length, .. data]);
        }
        return [.. Long((uint)content.Count), .. content];
    }

    /// <summary>READ DISC INFORMATION (MMC-5 6.22): a finished disc with one track.</summary>
    public static byte[] DiscInformation()
    {
        const byte finished = 0x0E, unrestricted = 0x20;
        var content = new byte[32];
        (content[0], content[1], content[2], content[3], content[4], content[5]) = (finished, 1, 1, 1, 1, unrestricted);
        content.AsSpan(14, 8).Fill(0xFF); // no further session or lead-out
        return WithLength(content);
    }

    /// <summary>READ TRACK INFORMATION (MMC-5 6.27), by block, track or session.</summary>
    public static byte[]? TrackInformation(uint capacity, int addressing, uint address)
    {
        const int byBlock = 0, byTrack = 1, bySession = 2;
        const byte dataTrack = 4, mode1 = 1;
        if (!(addressing == byBlock ? address < capacity : addressing is byTrack or bySession && address == 1))
            return null;
        var content = new byte[34];
        (content[0], content[1], content[3], content[4]) = (1, 1, dataTrack, mode1);
        Long(capacity).CopyTo(content, 22);
        return WithLength(content);
    }

    /// <summary>READ DISC STRUCTURE (MMC-5 6.23): physical format, copyright, manufacturer.</summary>
    public static byte[]? DvdStructure(uint capacity, byte format)
    {
        const uint firstSector = 0x30000;
        switch (format)
        {
            case 0:
                var physical = new byte[2048 + 2];
                // DVD-ROM version 1; 120 mm, no maximum rate; one embossed layer.
                (physical[2], physical[3], physical[4]) = (0x01, 0x0F, 0x01);
                Long(firstSector).CopyTo(physical, 6);
                Long(unchecked(firstSector + capacity - 1) & 0xFF_FFFF).CopyTo(physical, 10);
                return WithLength(physical);
            case 1:
                return WithLength(new byte[4 + 2]);
            case 4:
                return WithLength(new byte[2048 + 2]);
            default:
                return null;
        }
    }

    /// <summary>MODE SENSE (SPC-3 6.9, 6.10), with the pages of MMC-5 7: error recovery, power, capabilities.</summary>
    public static byte[]? ModeSense(int page, bool isLong, bool isChangeable, bool isLocked)
    {
        const int all = 0x3F;
        // Reads CD-R, CD-RW and DVD-ROM; a tray that locks and ejects; 16 times the speed of audio, a buffer of 64 KiB.
        const byte media = 0x0B, canLock = 0x01, locked = 0x02, tray = 0x28, speedHigh = 0x0B;
        byte[][] pages =
        [
            [0x01, 10, 0, 5, 0, 0, 0, 0, 0, 0, 0, 0],
            [0x1A, 10, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0],
            [0x2A, 18, media, 0, 0, 0, (byte)(tray | canLock | (isLocked ? locked : 0)), 0, speedHigh, 0, 0, 0, 0, 64, speedHigh, 0, 0, 0, 0, 0],
        ];
        var content = new List<byte>();
        foreach (var each in pages)
        {
            if (page != all && page != each[0])
                continue;
            if (isChangeable)
                each.AsSpan(2).Clear();
            content.AddRange(each);
        }
        if (content.Count == 0)
            return null;
        return isLong ? [.. Word((ushort)(content.Count + 6)), 0, 0, 0, 0, 0, 0, .. content] : [(byte)(content.Count + 3), 0, 0, 0, .. content];
    }

    private static byte[] Place(uint block, bool asTime)
    {
        if (!asTime)
            return Long(block);
        var bytes = new byte[4];
        CdTime.FromBlock(block).Write(bytes.AsSpan(1));
        return bytes;
    }

    private static byte[] Entry(byte point, byte a, byte b, byte c) => [1, DataTrack, 0, point, 0, 0, 0, 0, a, b, c];

    private static byte[] WithLength(byte[] content) => [.. Word((ushort)content.Length), .. content];

    private static byte[] Word(ushort value) => [(byte)(value >> 8), (byte)value];

    private static byte[] Long(uint value)
    {
        var bytes = new byte[4];
        BinaryPrimitives.WriteUInt32BigEndian(bytes, value);
        return bytes;
    }

    private static byte[] Padded(string text, int length)
    {
        var cut = text.Length > length ? text[..length] : text.PadRight(length);
        return Encoding.ASCII.GetBytes(cut);
    }

    private static byte Flag(bool value) => value ? (byte)1 : (byte)0;
}
