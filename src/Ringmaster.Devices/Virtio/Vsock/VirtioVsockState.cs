namespace Ringmaster.Devices.Virtio.Vsock;

/// <summary>The saved state of a <see cref="VirtioVsock"/>. Streams end on the host that they are on.</summary>
/// <param name="Lost">Whether there were streams that a guest has to be told are gone.</param>
/// <param name="Refusals">Packets that wait for room and refuse streams.</param>
public sealed record VirtioVsockState(bool Lost, byte[][] Refusals);
