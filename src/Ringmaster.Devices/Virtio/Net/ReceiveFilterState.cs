namespace Ringmaster.Devices.Virtio.Net;

/// <summary>The saved state of a <see cref="ReceiveFilter"/>.</summary>
/// <param name="Modes">A bit for each of the modes.</param>
/// <param name="Unicast">Addresses of stations that are let through.</param>
/// <param name="Multicast">Addresses of groups that are let through.</param>
/// <param name="IsUnicastFull">There were more addresses of stations than there is room, so all are let through.</param>
/// <param name="IsMulticastFull">The same for groups.</param>
/// <param name="Vlans">A bit for each VLAN, 512 bytes.</param>
public sealed record ReceiveFilterState(int Modes, ulong[] Unicast, ulong[] Multicast, bool IsUnicastFull, bool IsMulticastFull, byte[] Vlans);
