namespace Ringmaster.Devices.Storage.Ata;

/// <summary>The saved state of an <see cref="AtaDevice"/>: what software has set.</summary>
/// <param name="Power">What CHECK POWER MODE tells; null in sleep.</param>
/// <param name="MultiwordMode">The chosen multiword DMA mode, or -1.</param>
/// <param name="UltraMode">The chosen Ultra DMA mode, or -1.</param>
/// <param name="Disk">If it is an <see cref="AtaDisk"/>.</param>
/// <param name="Packet">If it is an <see cref="AtapiDrive"/>.</param>
public sealed record AtaDeviceState(byte? Power, int MultiwordMode, int UltraMode, AtaDiskState? Disk, AtapiDriveState? Packet);
