namespace Ringmaster.Devices.Storage.Floppy;

/// <summary>The controller's commands (82077AA data sheet, "Command Set").</summary>
internal static class FloppyCommand
{
    public const byte ReadTrack = 0x02, Specify = 0x03, SenseDriveStatus = 0x04, WriteData = 0x05, ReadData = 0x06, Recalibrate = 0x07;
    public const byte SenseInterruptStatus = 0x08, WriteDeletedData = 0x09, ReadId = 0x0A, ReadDeletedData = 0x0C, FormatTrack = 0x0D;
    public const byte DumpRegisters = 0x0E, Seek = 0x0F, Version = 0x10, Perpendicular = 0x12, Configure = 0x13, Unlock = 0x14, Verify = 0x16;
    public const byte SeekOut = 0x8F, SeekIn = 0xCF, Lock = 0x94;

    /// <summary>The bits of a command that moves data which tell which one it is.</summary>
    public const byte Operation = 0x1F;

    /// <summary>Both sides of a cylinder are one.</summary>
    public const byte MultiTrack = 0x80;

    /// <summary>Double density recording.</summary>
    public const byte DoubleDensity = 0x40;

    /// <summary>Bytes of a command with its parameters; 1 for what is none.</summary>
    public static int Length(byte command) => command switch
    {
        SenseDriveStatus or Recalibrate or Perpendicular => 2,
        Specify or Seek or SeekOut or SeekIn => 3,
        Configure => 4,
        SenseInterruptStatus or DumpRegisters or Version or Unlock or Lock => 1,
        _ when IsTransfer(command) => 9,
        _ => (command & Operation) switch { ReadId => 2, FormatTrack => 6, _ => 1 },
    };

    /// <summary>Whether it moves or checks sectors.</summary>
    public static bool IsTransfer(byte command) => IsWrite(command)
        || (command & Operation) is ReadTrack or ReadData or ReadDeletedData or Verify;

    /// <summary>Whether it moves sectors to the diskette.</summary>
    public static bool IsWrite(byte command) => (command & Operation) is WriteData or WriteDeletedData;
}
