namespace Ringmaster.Devices.Virtio.Vsock;

/// <summary>What identifies a stream between a guest and its host.</summary>
/// <param name="GuestPort">Its port in the guest.</param>
/// <param name="HostPort">Its port on the host.</param>
public readonly record struct VsockStream(uint GuestPort, uint HostPort);
