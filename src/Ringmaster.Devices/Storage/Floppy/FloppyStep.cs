namespace Ringmaster.Devices.Storage.Floppy;

/// <summary>What a <see cref="FloppyController"/> is doing (82077AA data sheet, "Controller Phases").</summary>
public enum FloppyStep
{
    /// <summary>It takes a command and its parameters.</summary>
    Command,

    /// <summary>The buffer is being filled from the diskette.</summary>
    Reading,

    /// <summary>The buffer goes to the host.</summary>
    ToHost,

    /// <summary>The host fills the buffer.</summary>
    FromHost,

    /// <summary>The buffer is being stored on the diskette.</summary>
    Writing,

    /// <summary>Sectors are being formatted one by one.</summary>
    Formatting,

    /// <summary>The host reads the results.</summary>
    Result,
}
