namespace Ringmaster.Devices.Storage.Ide;

/// <summary>Bits of the status register (ATA/ATAPI-7 volume 1, 5.14) and of the error register.</summary>
internal static class IdeStatus
{
    public const byte Busy = 0x80, Ready = 0x40, SeekComplete = 0x10, Data = 0x08, Error = 0x01;

    /// <summary>A drive that waits for a command.</summary>
    public const byte Idle = Ready | SeekComplete;

    /// <summary>Error register: the command is not supported or could not be carried out.</summary>
    public const byte Aborted = 0x04;

    /// <summary>Error register: there is no such sector.</summary>
    public const byte NotFound = 0x10;

    /// <summary>Error register: a sector cannot be read.</summary>
    public const byte Uncorrectable = 0x40;

    /// <summary>Error register after a self-test: no error found (ATA/ATAPI-7 volume 1, table "Diagnostic codes").</summary>
    public const byte Passed = 0x01;
}
