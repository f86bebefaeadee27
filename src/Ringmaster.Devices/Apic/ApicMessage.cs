namespace Ringmaster.Devices.Apic;

/// <summary>An interrupt message on its way from an I/O APIC, a device's MSI or a local APIC.</summary>
/// <param name="Destination">Whom it is for.</param>
/// <param name="Mode">What it does.</param>
/// <param name="Vector">Meaningful for fixed, lowest-priority and start-up messages.</param>
/// <param name="IsLevel">Whether an EOI has to be broadcast when the interrupt has been handled.</param>
public readonly record struct ApicMessage(ApicDestination Destination, DeliveryMode Mode, byte Vector, bool IsLevel = false);
