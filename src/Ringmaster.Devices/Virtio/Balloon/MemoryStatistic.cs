namespace Ringmaster.Devices.Virtio.Balloon;

/// <summary>What a guest tells of its memory (virtio 1.2 section 5.5.6.4). Amounts are bytes or counts.</summary>
public enum MemoryStatistic : ushort
{
    /// <summary>Bytes read in from swap.</summary>
    SwappedIn = 0,

    /// <summary>Bytes written out to swap.</summary>
    SwappedOut = 1,

    /// <summary>Page faults that needed a disk.</summary>
    MajorFaults = 2,

    /// <summary>Other page faults.</summary>
    MinorFaults = 3,

    /// <summary>Bytes that nothing uses.</summary>
    Free = 4,

    /// <summary>Bytes in all.</summary>
    Total = 5,

    /// <summary>Bytes that programs can have without swapping.</summary>
    Available = 6,

    /// <summary>Bytes that cache files.</summary>
    Caches = 7,

    /// <summary>Large pages that were given out.</summary>
    LargePages = 8,

    /// <summary>Large pages that there were none left of.</summary>
    LargePageFailures = 9,
}
