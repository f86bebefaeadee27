namespace Ringmaster.Devices.Storage.Ide;

/// <summary>How a command moves sectors.</summary>
internal enum SectorMode
{
    /// <summary>Over the data register, a sector a block.</summary>
    Single,

    /// <summary>Over the data register, several sectors a block.</summary>
    Multiple,

    /// <summary>By the bus master.</summary>
    Dma,

    /// <summary>Not at all: they are only read.</summary>
    Verify,
}
