namespace Ringmaster.Devices.Virtio.Net;

/// <summary>The saved state of a <see cref="VirtioNet"/> beyond that of its queues.</summary>
/// <param name="Mac">Its address, the first byte the most significant.</param>
/// <param name="IsLinkUp">Whether the link is up.</param>
/// <param name="IsAnnouncing">Whether the driver has been asked to announce itself.</param>
/// <param name="GuestOffloads">What the driver takes of what was agreed on.</param>
/// <param name="Filter">What is let through.</param>
/// <param name="Steering">Which queue it goes to.</param>
/// <param name="Starved">For each pair of queues: whether a frame waits for buffers.</param>
public sealed record VirtioNetState(
    ulong Mac, bool IsLinkUp, bool IsAnnouncing, ulong GuestOffloads, ReceiveFilterState Filter, ReceiveSteeringState Steering, bool[] Starved);
