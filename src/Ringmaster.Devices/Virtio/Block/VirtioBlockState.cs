namespace Ringmaster.Devices.Virtio.Block;

/// <summary>The saved state of a <see cref="VirtioBlock"/>.</summary>
/// <param name="WritesBack">Whether writes may wait in the host's cache for a flush.</param>
public sealed record VirtioBlockState(bool WritesBack);
