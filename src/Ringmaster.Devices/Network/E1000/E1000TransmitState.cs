namespace Ringmaster.Devices.Network.E1000;

/// <summary>The saved state of a transmitter: its contexts and a packet whose end has not come yet.</summary>
/// <param name="Checksums">The context of packets that are not cut.</param>
/// <param name="Segmentation">The context of those that are.</param>
/// <param name="Packet">The packet so far.</param>
/// <param name="IsInPacket">Whether there is one.</param>
/// <param name="IsTooLong">Whether it has grown too long, so that it will be lost.</param>
/// <param name="IsCut">Whether it is to be cut.</param>
/// <param name="Options">Checksums to fill in: bit 0 for IP, bit 1 for TCP or UDP.</param>
/// <param name="Tag">The VLAN tag to insert, if any.</param>
/// <param name="IsBehind">Whether the card is about to go on with the ring by itself.</param>
public sealed record E1000TransmitState(
    E1000Context Checksums, E1000Context Segmentation, byte[] Packet, bool IsInPacket, bool IsTooLong, bool IsCut, byte Options, ushort? Tag, bool IsBehind);
