namespace Ringmaster.Devices.Chipset.HotPlug;

/// <summary>The state of a <see cref="PciHotplugPorts"/>.</summary>
public sealed record PciHotplugState(uint Inserted, uint Leaving, uint Bus);
