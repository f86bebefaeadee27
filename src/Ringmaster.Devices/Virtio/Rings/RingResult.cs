namespace Ringmaster.Devices.Virtio.Rings;

/// <summary>What looking for a chain in a ring gave.</summary>
internal enum RingResult
{
    /// <summary>Nothing is available.</summary>
    Empty,

    /// <summary>There is one.</summary>
    Taken,

    /// <summary>The ring breaks the rules; the device cannot go on.</summary>
    Broken,
}
