namespace Ringmaster.Devices.Storage.Ata;

/// <content>IDENTIFY DEVICE (ATA8-ACS 7.16).</content>
public sealed partial class AtaDisk
{
    private byte[] Identify()
    {
        const ushort smart = 1 << 0, powerManagement = 1 << 3, writeCache = 1 << 5, lookAhead = 1 << 6, nop = 1 << 14;
        const ushort long48 = 1 << 10, flush = 1 << 12, flushLong = 1 << 13, logs = 1 << 5, durableWrites = 1 << 6;
        const ushort valid = IdentifyData.Valid, queues = 1 << 8;
        var (settings, geometry) = (_settings, Geometry);
        var words = Describe();
        words[0] = 0x0040; // not removable
        (words[1], words[3], words[6]) = ((ushort)_native.Cylinders, (ushort)_native.Heads, (ushort)_native.Sectors);
        words[47] = 0x8000 | MostMultiple;
        words[49] = 0x2F00; // standby timer, IORDY that can be turned off, LBA, DMA
        words[53] = 0x0007; // words 54-58, 64-70 and 88 are valid
        (words[54], words[55], words[56]) = ((ushort)geometry.Cylinders, (ushort)geometry.Heads, (ushort)geometry.Sectors);
        words.Put32(57, geometry.Capacity);
        words[59] = (ushort)(settings.Multiple == 0 ? 0 : 0x0100 | settings.Multiple);
        words.Put32(60, (uint)Math.Min(_capacity, 0x0FFF_FFFF));
        words[80] = 0x01F0; // ATA/ATAPI-4 to ATA8-ACS
        words[82] = smart | powerManagement | writeCache | lookAhead | nop;
        words[83] = valid | long48 | flush | flushLong;
        words[84] = words[87] = valid | logs | durableWrites;
        words[85] = (ushort)(powerManagement | nop
            | (settings.IsSmartEnabled ? smart : 0) | (settings.IsWriteCached ? writeCache : 0) | (settings.LooksAhead ? lookAhead : 0));
        words[86] = long48 | flush | flushLong;
        words.Put64(100, _capacity);
        words[106] = words[119] = words[120] = valid;
        words[217] = 1; // nothing rotates
        if (_backend.CanDiscard)
            (words[105], words[169]) = (MostTrimSectors, 1);
        if (Cable == AtaCable.Serial)
            (words[75], words[76]) = (31, (ushort)(words[76] | queues)); // 32 commands
        return words.Sealed();
    }
}
