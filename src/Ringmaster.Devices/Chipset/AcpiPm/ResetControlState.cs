namespace Ringmaster.Devices.Chipset.AcpiPm;

/// <summary>Saved state of the reset control register.</summary>
/// <param name="Value">SYS_RST and FULL_RST.</param>
public sealed record ResetControlState(byte Value);
