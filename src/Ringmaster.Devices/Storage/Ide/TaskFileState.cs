namespace Ringmaster.Devices.Storage.Ide;

/// <summary>The registers of a drive, a part of <see cref="IdeDriveState"/>.</summary>
/// <param name="Current">Seven bytes by register number, as written last; the first is not used.</param>
/// <param name="Previous">As written before that.</param>
/// <param name="Error">The error register.</param>
public sealed record TaskFileState(byte[] Current, byte[] Previous, byte Error);
