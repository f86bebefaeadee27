namespace Ringmaster.Devices.Storage.Floppy;

/// <summary>Bits of the bytes by which the controller tells how a command has ended (82077AA data sheet, "Status Register Encoding").</summary>
internal static class FloppyStatus
{
    /// <summary>ST0: the command has failed.</summary>
    public const byte Abnormal = 0x40;

    /// <summary>ST0: there is no such command, or no interrupt to tell of.</summary>
    public const byte Invalid = 0x80;

    /// <summary>ST0: the interrupt comes from polling the drives, as after a reset.</summary>
    public const byte Polled = 0xC0;

    /// <summary>ST0: a seek has ended.</summary>
    public const byte SeekEnd = 0x20;

    /// <summary>ST0: track 0 was not found.</summary>
    public const byte EquipmentCheck = 0x10;

    /// <summary>ST1: no address mark is readable.</summary>
    public const byte MissingMark = 0x01;

    /// <summary>ST1: the diskette cannot be written.</summary>
    public const byte NotWritable = 0x02;

    /// <summary>ST1: there is no such sector.</summary>
    public const byte NoData = 0x04;

    /// <summary>ST1, and ST2 for the data: the check sum is wrong.</summary>
    public const byte DataError = 0x20;

    /// <summary>ST1: the cylinder has ended before the transfer.</summary>
    public const byte EndOfCylinder = 0x80;

    /// <summary>ST2: the sector is of another cylinder.</summary>
    public const byte WrongCylinder = 0x10;

    /// <summary>ST2: the sector's mark is not the one that the command looks for.</summary>
    public const byte ControlMark = 0x40;
}
