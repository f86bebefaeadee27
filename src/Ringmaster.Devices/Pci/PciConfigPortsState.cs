namespace Ringmaster.Devices.Pci;

/// <summary>The saved state of <see cref="PciConfigPorts"/>.</summary>
/// <param name="Address">The address register.</param>
public sealed record PciConfigPortsState(uint Address);
