namespace Ringmaster.Devices.Storage.Ide;

/// <content>IDENTIFY DEVICE (ATA/ATAPI-7 volume 1, 6.17; ATA8-ACS 7.16 for TRIM and the rotation rate).</content>
public sealed partial class AtaDisk
{
    private const ushort Valid = 0x4000;

    private byte[] Identify()
    {
        const ushort smart = 1 << 0, powerManagement = 1 << 3, writeCache = 1 << 5, lookAhead = 1 << 6, nop = 1 << 14;
        const ushort long48 = 1 << 10, flush = 1 << 12, flushLong = 1 << 13, durableWrites = 1 << 6;
        var words = new IdentifyData
        {
            [0] = 0x0040, // not removable
            [1] = (ushort)_native.Cylinders,
            [3] = (ushort)_native.Heads,
            [6] = (ushort)_native.Sectors,
            [47] = 0x8000 | MostMultiple,
            [49] = 0x2F00, // standby timer, IORDY that can be turned off, LBA, DMA
            [50] = Valid,
            [51] = 0x0200, // PIO mode 2 without IORDY
            [53] = 0x0007, // words 54-58, 64-70 and 88 are valid
            [54] = (ushort)_geometry.Cylinders,
            [55] = (ushort)_geometry.Heads,
            [56] = (ushort)_geometry.Sectors,
            [59] = (ushort)(_multiple == 0 ? 0 : 0x0100 | _multiple),
            [80] = 0x01F0, // ATA/ATAPI-4 to ATA8-ACS
            [82] = smart | powerManagement | writeCache | lookAhead | nop,
            [83] = Valid | long48 | flush | flushLong,
            [84] = Valid | durableWrites,
            [85] = (ushort)(powerManagement | nop | (_isSmartEnabled ? smart : 0) | (_isWriteCached ? writeCache : 0) | (_looksAhead ? lookAhead : 0)),
            [86] = long48 | flush | flushLong,
            [87] = Valid | durableWrites,
            [93] = (ushort)(IsSecond ? 0x6100 : 0x6001), // a cable with 80 conductors
            [106] = Valid,
            [119] = Valid,
            [120] = Valid,
            [217] = 1, // nothing rotates
        };
        words.Describe(_model);
        words.Put32(57, _geometry.Capacity);
        words.Put32(60, (uint)Math.Min(_capacity, 0x0FFF_FFFF));
        words.Describe(_modes);
        words.Put64(100, _capacity);
        if (_backend.CanDiscard)
            (words[105], words[169]) = (MostTrimSectors, 1);
        return words.Sealed();
    }
}
