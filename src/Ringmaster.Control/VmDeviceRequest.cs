namespace Ringmaster.Control;

/// <summary>A device that is to come to a running VM.</summary>
/// <param name="Kind"><c>disk</c> or <c>net</c>.</param>
/// <param name="Options">As behind the option of that name: <c>disk.qcow2,interface=nvme</c>.</param>
/// <param name="Directory">What relative paths start from; null for the directory in which the VM was started.</param>
public sealed record VmDeviceRequest(string Kind, string Options, string? Directory = null);
