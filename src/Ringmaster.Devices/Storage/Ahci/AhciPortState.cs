using Ringmaster.Devices.Storage.Ata;

namespace Ringmaster.Devices.Storage.Ahci;

/// <summary>The saved state of a port.</summary>
/// <param name="List">Where the command list is.</param>
/// <param name="Frames">Where received frames go.</param>
/// <param name="Interrupts">Interrupt status.</param>
/// <param name="Enabled">Interrupt enable.</param>
/// <param name="Command">Command and status: what software has set of it.</param>
/// <param name="TaskFile">Status in bits 7 to 0, error in bits 15 to 8.</param>
/// <param name="Signature">The device's signature.</param>
/// <param name="LinkControl">SControl.</param>
/// <param name="LinkErrors">SError.</param>
/// <param name="Active">Queued commands that have not ended, one bit each.</param>
/// <param name="Issued">Commands that have been issued, one bit each.</param>
/// <param name="Slot">The command that was begun last.</param>
/// <param name="IsHalted">An error has stopped the port.</param>
/// <param name="IsInSoftReset">Software holds the device in reset.</param>
/// <param name="OwesSignature">The frame after a reset has not been stored yet.</param>
/// <param name="Current">The command that was begun last and is not queued.</param>
/// <param name="Device">The device, or null for none.</param>
/// <param name="Jobs">What the device works on.</param>
public sealed record AhciPortState(
    ulong List,
    ulong Frames,
    uint Interrupts,
    uint Enabled,
    uint Command,
    uint TaskFile,
    uint Signature,
    uint LinkControl,
    uint LinkErrors,
    uint Active,
    uint Issued,
    int Slot,
    bool IsHalted,
    bool IsInSoftReset,
    bool OwesSignature,
    AtaCommand Current,
    AtaDeviceState? Device,
    BlockJobState[] Jobs);
