using Ringmaster.Devices.Virtio.Rings;

namespace Ringmaster.Devices.Virtio;

/// <summary>The saved state of a <see cref="VirtQueue"/>.</summary>
/// <param name="Size">Descriptors.</param>
/// <param name="Descriptors">Address of the table, or of the whole packed ring.</param>
/// <param name="Driver">Address of what the driver writes.</param>
/// <param name="Device">Address of what the device writes.</param>
/// <param name="Vector">The MSI-X vector.</param>
/// <param name="IsEnabled">Whether the driver has set it up.</param>
/// <param name="Position">How far the device has come.</param>
/// <param name="InFlight">The chains that the device has taken and not returned, in the order in which it took them.</param>
public sealed record VirtQueueState(
    int Size, ulong Descriptors, ulong Driver, ulong Device, ushort Vector, bool IsEnabled, RingPosition Position, ChainState[] InFlight);
