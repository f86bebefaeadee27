namespace Ringmaster.Devices.Storage.Ide;

/// <summary>The saved state of a drive on a <see cref="IdeChannel"/>.</summary>
/// <param name="Registers">Its registers.</param>
/// <param name="Status">The status register.</param>
/// <param name="Interrupt">Whether it asks for an interrupt.</param>
/// <param name="Buffer">What is in its buffer.</param>
/// <param name="Disk">If it is an <see cref="AtaDisk"/>.</param>
/// <param name="Packet">If it is an <see cref="AtapiDrive"/>.</param>
public sealed record IdeDriveState(
    TaskFileState Registers, byte Status, bool Interrupt, PioBufferState Buffer, AtaDiskState? Disk, AtapiDriveState? Packet);
