namespace Ringmaster.Devices.Pci;

/// <summary>What a function tells drivers about itself (PCI Local Bus 3.0 section 6.2.1).</summary>
/// <param name="Vendor">Vendor ID.</param>
/// <param name="Device">Device ID.</param>
/// <param name="Class">Base class, subclass and programming interface, in bits 23 to 0.</param>
public sealed record PciIdentity(ushort Vendor, ushort Device, uint Class)
{
    /// <summary>Revision ID.</summary>
    public byte Revision { get; init; }

    /// <summary>Subsystem vendor ID.</summary>
    public ushort SubsystemVendor { get; init; }

    /// <summary>Subsystem ID.</summary>
    public ushort Subsystem { get; init; }

    /// <summary>Whether the device may have other functions beside this one, its first.</summary>
    public bool IsMultifunction { get; init; }
}
