namespace Ringmaster.Devices.Pci;

/// <summary>Where a base address register places its block (PCI Local Bus 3.0 section 6.2.5.1).</summary>
public enum PciBarKind
{
    /// <summary>I/O ports.</summary>
    Io,

    /// <summary>Memory below 4 GiB.</summary>
    Memory32,

    /// <summary>Memory anywhere; takes two registers.</summary>
    Memory64,

    /// <summary>As <see cref="Memory32"/>, where reads have no effects.</summary>
    Prefetchable32,

    /// <summary>As <see cref="Memory64"/>, where reads have no effects.</summary>
    Prefetchable64,

    /// <summary>The expansion ROM, memory below 4 GiB that has an enable bit of its own.</summary>
    Rom,
}
