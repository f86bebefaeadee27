namespace Ringmaster.Devices.Storage.Ata;

/// <summary>The part of an <see cref="AtaDeviceState"/> that only an <see cref="AtapiDrive"/> has.</summary>
/// <param name="Sense">Why the last command has failed.</param>
/// <param name="WasReset">The host has not been told yet of a reset.</param>
/// <param name="HasChanged">The host has not been told yet that the medium may be another.</param>
/// <param name="Event">What the host has not been told yet about the medium.</param>
/// <param name="IsTrayOpen">Whether the tray is open.</param>
/// <param name="IsLocked">Whether the host has locked the tray.</param>
public sealed record AtapiDriveState(ScsiSense Sense, bool WasReset, bool HasChanged, MediaEvent Event, bool IsTrayOpen, bool IsLocked);
