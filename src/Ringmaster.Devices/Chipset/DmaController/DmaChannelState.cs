namespace Ringmaster.Devices.Chipset.DmaController;

/// <summary>The saved state of a channel of an 8237A.</summary>
/// <param name="BaseAddress">The address that was programmed.</param>
/// <param name="BaseCount">The count that was programmed.</param>
/// <param name="Address">The present address.</param>
/// <param name="Count">The present count, one less than the transfers left.</param>
/// <param name="Mode">The mode register without the channel's number.</param>
public sealed record DmaChannelState(ushort BaseAddress, ushort BaseCount, ushort Address, ushort Count, byte Mode);
