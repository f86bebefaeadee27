namespace Ringmaster.Devices.Storage.Ide;

/// <summary>What is behind the memory of a <see cref="DmaGrant"/>.</summary>
internal enum DmaEnd
{
    /// <summary>Nobody has looked: it is all that was asked for.</summary>
    Unknown,

    /// <summary>The table's end.</summary>
    Exhausted,

    /// <summary>A descriptor, or a region, that is not memory which can be used in this way.</summary>
    Fault,
}
