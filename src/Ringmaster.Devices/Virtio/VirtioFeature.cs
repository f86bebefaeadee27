namespace Ringmaster.Devices.Virtio;

/// <summary>Feature bits that belong to no device type (virtio 1.2 chapter 6), as masks.</summary>
public static class VirtioFeature
{
    /// <summary>The driver notifies even when the ring says that it need not (legacy only).</summary>
    public const ulong NotifyOnEmpty = 1UL << 24;

    /// <summary>Descriptors of any number and size may hold a request's parts (legacy only; always so since 1.0).</summary>
    public const ulong AnyLayout = 1UL << 27;

    /// <summary>A descriptor may name a table of further ones.</summary>
    public const ulong IndirectDescriptors = 1UL << 28;

    /// <summary>Both sides say at which position of the ring they want to be notified.</summary>
    public const ulong EventIndex = 1UL << 29;

    /// <summary>The device follows virtio 1.0 or later.</summary>
    public const ulong Version1 = 1UL << 32;

    /// <summary>The driver's addresses go through the platform's IOMMU, if there is one.</summary>
    public const ulong AccessPlatform = 1UL << 33;

    /// <summary>Rings may be packed ones.</summary>
    public const ulong PackedRings = 1UL << 34;

    /// <summary>A single ring can be reset.</summary>
    public const ulong RingReset = 1UL << 40;

    /// <summary>What every device here offers to drivers that know virtio 1.</summary>
    public const ulong Offered = IndirectDescriptors | EventIndex | Version1 | PackedRings | RingReset;

    /// <summary>What every device here offers to legacy drivers, which see 32 bits.</summary>
    public const ulong OfferedToLegacy = AnyLayout | IndirectDescriptors | EventIndex;
}
