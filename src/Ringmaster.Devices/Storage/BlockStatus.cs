namespace Ringmaster.Devices.Storage;

/// <summary>How a <see cref="BlockRequest"/> ended.</summary>
public enum BlockStatus
{
    /// <summary>All of it was done.</summary>
    Done,

    /// <summary>The host or the image failed; part of it may have been done. The back end has told its log why.</summary>
    Failed,

    /// <summary>The disk cannot be written.</summary>
    ReadOnly,

    /// <summary>The host has no room left for what was written.</summary>
    NoSpace,

    /// <summary>The disk ends before the request does. Nothing was done.</summary>
    OutOfRange,
}
