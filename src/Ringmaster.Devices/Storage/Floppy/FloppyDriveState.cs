namespace Ringmaster.Devices.Storage.Floppy;

/// <summary>The saved state of a <see cref="FloppyDrive"/>.</summary>
/// <param name="Cylinder">Where the heads are.</param>
/// <param name="HasChanged">The disk change line.</param>
public sealed record FloppyDriveState(int Cylinder, bool HasChanged);
