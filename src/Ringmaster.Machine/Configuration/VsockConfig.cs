namespace Ringmaster.Machine.Configuration;

/// <summary>Sockets between the guest and the host.</summary>
/// <param name="Cid">The guest's number, from <see cref="Devices.Virtio.Vsock.VirtioVsock.LeastCid"/> on.</param>
/// <param name="Path">The absolute path of the Unix socket that leads to the guest; a port of the host's is a socket at <c>PATH_PORT</c>.</param>
public sealed record VsockConfig(ulong Cid, string Path);
