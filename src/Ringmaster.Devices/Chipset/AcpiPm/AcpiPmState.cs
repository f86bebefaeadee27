namespace Ringmaster.Devices.Chipset.AcpiPm;

/// <summary>Saved state of the ACPI fixed hardware. The PM timer has none: it follows the VM clock.</summary>
/// <param name="Status">PM1 status.</param>
/// <param name="Enable">PM1 enables.</param>
/// <param name="Control">PM1 control.</param>
/// <param name="GpeStatus">GPE0 status.</param>
/// <param name="GpeEnable">GPE0 enables.</param>
/// <param name="SmiCommand">The last value written to the SMI command port.</param>
/// <param name="SmiScratch">The scratch byte after it.</param>
/// <param name="TimerAlarm">VM clock time at which the timer's most significant bit changes next.</param>
public sealed record AcpiPmState(
    ushort Status, ushort Enable, ushort Control, ushort GpeStatus, ushort GpeEnable, byte SmiCommand, byte SmiScratch,
    long TimerAlarm);
