namespace Ringmaster.Devices.Virtio.Rings;

/// <summary>How far a device has come in a ring.</summary>
/// <param name="Available">The next chain to take: an index modulo 65536 in a split ring; in a packed one a position below 32768 and the wrap counter in bit 15.</param>
/// <param name="Used">Where the next chain is returned, in the same form.</param>
/// <param name="Unsignalled">
/// By how much <paramref name="Used"/> has grown since the device last looked whether the driver wants an interrupt. Positions would
/// not tell a whole turn from none.
/// </param>
public readonly record struct RingPosition(ushort Available, ushort Used, uint Unsignalled);
