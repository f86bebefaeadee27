namespace Ringmaster.Devices.Storage.Ide;

/// <summary>What an <see cref="AtaDisk"/> is doing.</summary>
public enum AtaStep
{
    /// <summary>It waits for a command.</summary>
    Idle,

    /// <summary>The host reads a block.</summary>
    DataIn,

    /// <summary>The host writes a block.</summary>
    DataOut,

    /// <summary>The buffer is being filled from the disk.</summary>
    Reading,

    /// <summary>The buffer is being stored.</summary>
    Writing,

    /// <summary>Sectors go between disk and guest memory, or wait for the bus master.</summary>
    Dma,

    /// <summary>Sectors are read for nobody.</summary>
    Verifying,

    /// <summary>What was written is being made durable; then the command ends.</summary>
    Flushing,

    /// <summary>The buffer waits for the bus master to bring ranges to be trimmed.</summary>
    TrimData,

    /// <summary>Ranges in the buffer are being trimmed.</summary>
    Trimming,
}
