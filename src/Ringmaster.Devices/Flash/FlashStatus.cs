namespace Ringmaster.Devices.Flash;

/// <summary>The status register's bits (Intel 28F128J3 datasheet, "Status Register").</summary>
internal static class FlashStatus
{
    /// <summary>The last operation is done.</summary>
    public const byte Ready = 0x80;

    /// <summary>Erasing has failed.</summary>
    public const byte EraseError = 0x20;

    /// <summary>Programming has failed. With <see cref="EraseError"/>: the commands came in a wrong order.</summary>
    public const byte ProgramError = 0x10;

    /// <summary>A command was not followed by what it wants.</summary>
    public const byte SequenceError = Ready | EraseError | ProgramError;
}
