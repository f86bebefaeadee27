using System.Globalization;
using System.Net;
using System.Net.Sockets;

namespace Ringmaster.Backends.Network;

/// <summary>A port of the host behind which a port of the guest is reached.</summary>
/// <param name="Address">Which of the host's addresses; the any-address for all of them.</param>
/// <param name="HostPort">The host's port.</param>
/// <param name="GuestPort">The guest's port.</param>
/// <param name="IsUdp">UDP rather than TCP.</param>
public sealed record PortForward(IPAddress Address, ushort HostPort, ushort GuestPort, bool IsUdp = false)
{
    /// <inheritdoc/>
    public override string ToString()
    {
        var address = Address.AddressFamily == AddressFamily.InterNetworkV6 ? $"[{Address}]" : Address.ToString();
        return string.Create(CultureInfo.InvariantCulture, $"{address}:{HostPort}:{GuestPort}{(IsUdp ? "/udp" : "")}");
    }
}
