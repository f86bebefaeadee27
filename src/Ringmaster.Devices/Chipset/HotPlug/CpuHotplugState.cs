namespace Ringmaster.Devices.Chipset.HotPlug;

/// <summary>The state of a <see cref="CpuHotplugPorts"/>.</summary>
public sealed record CpuHotplugState(int Present, bool[] IsNew, uint Selector, byte Command);
