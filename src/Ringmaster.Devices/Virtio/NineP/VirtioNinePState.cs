namespace Ringmaster.Devices.Virtio.NineP;

/// <summary>The saved state of a <see cref="VirtioNineP"/>.</summary>
/// <param name="Session">What the guest has open.</param>
/// <param name="Answers">
/// Answers that the guest has not been given yet, by the ID of the chain: what was asked for has been done and must not be done
/// twice. Chains in flight without one only read.
/// </param>
public sealed record VirtioNinePState(NinePSession Session, Dictionary<ushort, byte[]> Answers);
