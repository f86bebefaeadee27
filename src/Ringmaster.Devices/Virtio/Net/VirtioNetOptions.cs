using Ringmaster.Devices.Network;

namespace Ringmaster.Devices.Virtio.Net;

/// <summary>What a <see cref="VirtioNet"/> is made with.</summary>
/// <param name="Mac">Its address, of one station.</param>
public sealed record VirtioNetOptions(MacAddress Mac)
{
    /// <summary>The most pairs of queues.</summary>
    public const int MostPairs = 8;

    /// <summary>Pairs of queues, 1 to <see cref="MostPairs"/>; best one for each vCPU.</summary>
    public int QueuePairs { get; init; } = 1;

    /// <summary>The largest packet of the link in bytes, at least 68; null to leave it to the driver.</summary>
    public ushort? Mtu { get; init; }
}
