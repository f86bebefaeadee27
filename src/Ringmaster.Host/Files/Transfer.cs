namespace Ringmaster.Host.Files;

/// <summary>What became of an attempt to read or write without waiting.</summary>
public enum Transfer
{
    /// <summary>Something was read or written.</summary>
    Done,

    /// <summary>It would have had to wait.</summary>
    Busy,

    /// <summary>There is nothing at the other end any more, or it refuses.</summary>
    Broken,
}
