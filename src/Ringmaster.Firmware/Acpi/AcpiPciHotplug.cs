using Ringmaster.Memory;

namespace Ringmaster.Firmware.Acpi;

/// <summary>How devices come to a PCI bus and leave it while the machine runs.</summary>
/// <param name="Ports">The first port of the registers: slots with new devices, slots whose devices are to leave, and eject, 4 bytes each.</param>
/// <param name="Slots">Devices on the bus that may come and go, by their numbers.</param>
/// <param name="Event">The general-purpose event that tells of it.</param>
public sealed record AcpiPciHotplug(IoPort Ports, IReadOnlyList<int> Slots, int Event);
