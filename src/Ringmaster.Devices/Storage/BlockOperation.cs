namespace Ringmaster.Devices.Storage;

/// <summary>What a <see cref="BlockRequest"/> does.</summary>
public enum BlockOperation
{
    /// <summary>Fills the buffers from the disk.</summary>
    Read,

    /// <summary>Stores the buffers on the disk.</summary>
    Write,

    /// <summary>Completes when everything whose write has completed before survives a loss of power.</summary>
    Flush,

    /// <summary>The content of a range is not needed any more; what it reads as then is left open.</summary>
    Discard,

    /// <summary>A range reads as zeros from now on.</summary>
    WriteZeroes,
}
