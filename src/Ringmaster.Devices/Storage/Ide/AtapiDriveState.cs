namespace Ringmaster.Devices.Storage.Ide;

/// <summary>The part of an <see cref="IdeDriveState"/> that only an <see cref="AtapiDrive"/> has.</summary>
/// <param name="Step">What it is doing.</param>
/// <param name="UsesDma">Whether the present command moves data by the bus master.</param>
/// <param name="Limit">Most bytes of a block of data.</param>
/// <param name="Block">The next block to read.</param>
/// <param name="Left">Blocks still to read.</param>
/// <param name="Fields">Which parts of a block are wanted, as in READ CD.</param>
/// <param name="Sense">Why the last command has failed.</param>
/// <param name="WasReset">The host has not been told yet of a reset.</param>
/// <param name="HasChanged">The host has not been told yet that the medium may be another.</param>
/// <param name="Event">What the host has not been told yet about the medium.</param>
/// <param name="IsTrayOpen">Whether the tray is open.</param>
/// <param name="IsLocked">Whether the host has locked the tray.</param>
/// <param name="Power">What CHECK POWER MODE tells; null in sleep.</param>
/// <param name="MultiwordMode">The chosen multiword DMA mode, or -1.</param>
/// <param name="UltraMode">The chosen Ultra DMA mode, or -1.</param>
public sealed record AtapiDriveState(
    AtapiStep Step,
    bool UsesDma,
    int Limit,
    uint Block,
    uint Left,
    byte Fields,
    ScsiSense Sense,
    bool WasReset,
    bool HasChanged,
    MediaEvent Event,
    bool IsTrayOpen,
    bool IsLocked,
    byte? Power,
    int MultiwordMode,
    int UltraMode);
