using System.Net;
using Ringmaster.Devices.Network;

namespace Ringmaster.Backends.Network;

/// <summary>How a network without privileges is to be.</summary>
/// <param name="Guest">The guest's Ethernet address.</param>
public sealed record UserNetworkOptions(MacAddress Guest)
{
    /// <summary>The largest IP packet that the guest is told by DHCP and router advertisements, in bytes; null to tell it none.</summary>
    public int? Mtu { get; init; }

    /// <summary>The name servers that the guest is told; empty for those of the host.</summary>
    public IReadOnlyList<IPAddress> Dns { get; init; } = [];

    /// <summary>Ports of the host that lead to the guest.</summary>
    public IReadOnlyList<PortForward> Forwards { get; init; } = [];

    /// <summary>Whether the guest reaches what listens on the host's loopback address at the address of its gateway.</summary>
    public bool ReachesLoopback { get; init; }
}
