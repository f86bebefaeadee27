namespace Ringmaster.Devices.Storage.Ide;

/// <summary>What a drive on an <see cref="IdeChannel"/> is doing.</summary>
public enum IdeStep
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

    /// <summary>The buffer goes to guest memory, or waits for the bus master.</summary>
    Sending,

    /// <summary>The buffer is filled from guest memory, or waits for the bus master.</summary>
    Receiving,

    /// <summary>Sectors go between disk and guest memory, or wait for the bus master.</summary>
    Direct,

    /// <summary>The disk does something without data.</summary>
    Working,
}
