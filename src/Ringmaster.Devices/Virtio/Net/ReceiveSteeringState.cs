namespace Ringmaster.Devices.Virtio.Net;

/// <summary>The saved state of a <see cref="ReceiveSteering"/>.</summary>
/// <param name="Pairs">Pairs of queues in use.</param>
/// <param name="IsByHash">Whether the table decides.</param>
/// <param name="HashTypes">Which frames are hashed.</param>
/// <param name="Table">Pairs by the hash's lowest bits; a power of two of them.</param>
/// <param name="Unclassified">The pair of frames that are not hashed.</param>
/// <param name="Key">The hash's key, 40 bytes.</param>
/// <param name="Flows">By which pair the driver last sent frames of a flow, 256 bytes.</param>
public sealed record ReceiveSteeringState(int Pairs, bool IsByHash, uint HashTypes, ushort[] Table, ushort Unclassified, byte[] Key, byte[] Flows);
