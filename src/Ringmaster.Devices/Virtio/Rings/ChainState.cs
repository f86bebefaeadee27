namespace Ringmaster.Devices.Virtio.Rings;

/// <summary>The saved state of a chain that a device has taken and not returned.</summary>
/// <param name="Id">By what the driver knows it.</param>
/// <param name="Descriptors">
/// What was in the ring, where it may be gone: chains that are returned out of order overwrite a packed ring's descriptors. A split
/// ring keeps its own until they are returned.
/// </param>
public sealed record ChainState(ushort Id, RingDescriptor[] Descriptors);
