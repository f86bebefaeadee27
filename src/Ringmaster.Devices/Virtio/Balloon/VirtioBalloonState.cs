namespace Ringmaster.Devices.Virtio.Balloon;

/// <summary>The saved state of a <see cref="VirtioBalloon"/>.</summary>
/// <param name="Target">Pages that the guest is asked to give up.</param>
/// <param name="Actual">Pages that it says to have given up.</param>
/// <param name="IsAsked">Whether statistics were asked for that have not come yet.</param>
public sealed record VirtioBalloonState(uint Target, uint Actual, bool IsAsked);
