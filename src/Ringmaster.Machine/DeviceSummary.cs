namespace Ringmaster.Machine;

/// <summary>A device of a machine, as people are told of it.</summary>
/// <param name="Name">Unique in the machine.</param>
/// <param name="Kind">What it is, <c>"uart16550"</c>.</param>
/// <param name="Address">Where it is on the PCI bus, <c>"00:02.0"</c>; null if it is not there.</param>
public sealed record DeviceSummary(string Name, string Kind, string? Address);
