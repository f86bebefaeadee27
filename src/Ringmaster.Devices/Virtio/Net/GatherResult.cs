namespace Ringmaster.Devices.Virtio.Net;

/// <summary>What looking for room for a frame gave.</summary>
internal enum GatherResult
{
    /// <summary>There is room.</summary>
    Ready,

    /// <summary>There will be, once the driver has added buffers.</summary>
    Starved,

    /// <summary>There will never be.</summary>
    TooLarge,

    /// <summary>The driver has broken the rules.</summary>
    Broken,
}
