namespace Ringmaster.Devices.Storage.Ide;

/// <summary>The saved state of an <see cref="IdeChannel"/>.</summary>
/// <param name="Control">The device control register.</param>
/// <param name="IsSecondSelected">Which drive is selected.</param>
/// <param name="Master">The first drive, if there is one.</param>
/// <param name="Slave">The second drive, if there is one.</param>
public sealed record IdeChannelState(byte Control, bool IsSecondSelected, IdeDriveState? Master, IdeDriveState? Slave);
