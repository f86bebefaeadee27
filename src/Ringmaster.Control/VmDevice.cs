namespace Ringmaster.Control;

/// <summary>A device of a VM.</summary>
/// <param name="Name">Unique in the VM.</param>
/// <param name="Kind">What it is.</param>
/// <param name="Address">Where it is on the PCI bus, if it is there.</param>
public sealed record VmDevice(string Name, string Kind, string? Address);
