using System.Net;
using Ringmaster.Devices.Network;

namespace Ringmaster.Machine.Configuration;

/// <summary>A network device and what it is plugged into.</summary>
/// <param name="Kind">The kind.</param>
/// <param name="Target">The interface's name, or the switch's absolute path; null for the other kinds.</param>
public sealed record NetConfig(NetKind Kind, string? Target = null)
{
    /// <summary>Smallest MTU: what IPv4 asks of every network (RFC 791).</summary>
    public const int LeastMtu = 68;

    /// <summary>Largest MTU: the longest IP packet.</summary>
    public const int MostMtu = 65535;

    /// <summary>No device.</summary>
    public static NetConfig None { get; } = new(NetKind.None);

    /// <summary>The device's name; null to have one chosen.</summary>
    public string? Id { get; init; }

    /// <summary>What the device looks like.</summary>
    public NetModel Model { get; init; } = NetModel.Virtio;

    /// <summary>The device's address; null to have one chosen when the network is opened.</summary>
    public MacAddress? Mac { get; init; }

    /// <summary>The largest IP packet, in bytes; null for what is usual.</summary>
    public int? Mtu { get; init; }

    /// <summary>The name servers that a guest on the user network is told; empty for those of the host.</summary>
    public IReadOnlyList<IPAddress> Dns { get; init; } = [];

    /// <summary>Whether a guest on the user network reaches the host's loopback address.</summary>
    public bool ReachesLoopback { get; init; }

    /// <summary>The bridge that a TAP interface is added to; null for none.</summary>
    public string? Bridge { get; init; }

    /// <summary>The program that sets a TAP interface up, an absolute path; null for none.</summary>
    public string? Script { get; init; }

    /// <summary>Whether the machine starts without it where it cannot be had, and says so.</summary>
    public bool IsOptional { get; init; }
}
