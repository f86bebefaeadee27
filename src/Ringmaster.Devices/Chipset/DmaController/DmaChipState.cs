namespace Ringmaster.Devices.Chipset.DmaController;

/// <summary>The saved state of one 8237A, a part of <see cref="DmaControllerState"/>.</summary>
/// <param name="Channels">Its four channels.</param>
/// <param name="Command">The command register.</param>
/// <param name="Mask">Masked channels, one bit each.</param>
/// <param name="Request">Channels with a request by software, one bit each.</param>
/// <param name="TerminalCount">Channels that have come to their terminal count since the status was read.</param>
/// <param name="IsHighByte">The flip-flop: the next access of an address or a count is the high byte's.</param>
public sealed record DmaChipState(DmaChannelState[] Channels, byte Command, byte Mask, byte Request, byte TerminalCount, bool IsHighByte);
