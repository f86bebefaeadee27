namespace Ringmaster.Devices.Virtio.Input;

/// <summary>The saved state of a <see cref="VirtioInput"/>.</summary>
/// <param name="Select">What of the configuration the driver looks at.</param>
/// <param name="Subselect">What of that.</param>
/// <param name="Events">Events that wait for room, oldest first.</param>
/// <param name="Down">The keys and buttons that are down, as the guest was told or will be.</param>
/// <param name="X">Where the pointer is.</param>
/// <param name="Y">As <paramref name="X"/>, downwards.</param>
public sealed record VirtioInputState(byte Select, byte Subselect, InputEvent[] Events, ushort[] Down, int X, int Y);
