using Ringmaster.Devices.Network;

namespace Ringmaster.Backends.Network;

/// <summary>
/// The addresses in the network between a guest and passt. They are the same on every host, so that a guest that moves keeps its
/// lease, its neighbours and its routes.
/// </summary>
internal static class UserNetworkAddresses
{
    internal const string Guest4 = "10.0.2.15", Mask4 = "255.255.255.0", Gateway4 = "10.0.2.2", Dns4 = "10.0.2.3";

    /// <summary>Unique local (RFC 4193), so that the guest prefers IPv4 to leave through the host (RFC 6724).</summary>
    internal const string Guest6 = "fd52:6d00::15";

    internal const string Gateway6 = "fe80::2";

    internal static MacAddress Gateway => new(0x5255_0A00_0202);
}
