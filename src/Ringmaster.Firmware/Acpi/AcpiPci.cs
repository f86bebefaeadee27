using Ringmaster.Memory;

namespace Ringmaster.Firmware.Acpi;

/// <summary>What the ACPI tables say about a machine's PCI bus.</summary>
/// <param name="Gsi">The global system interrupt of a device's interrupt pin: device 0 to 31, pin 1 to 4.</param>
/// <param name="Windows">Guest-physical addresses that devices on the bus may be given.</param>
public sealed record AcpiPci(Func<int, int, int> Gsi, IReadOnlyList<RamRange> Windows)
{
    /// <summary>The bus with the highest number: there are no bridges to others.</summary>
    public const byte LastBus = 0;

    /// <summary>Where the configuration space of all 256 buses is in memory; null for a bus of before PCI Express.</summary>
    public GuestPhysicalAddress? Ecam { get; init; }

    /// <summary>How devices come and go; null if they do not.</summary>
    public AcpiPciHotplug? Hotplug { get; init; }
}
