using Ringmaster.Devices.Clock;
using Ringmaster.Devices.Interrupts;

namespace Ringmaster.Devices.Chipset.AcpiPm;

/// <summary>What the ACPI fixed hardware is connected to.</summary>
/// <param name="Clock">Drives the PM timer.</param>
/// <param name="Sci">The system control interrupt, level-triggered.</param>
/// <param name="Sleep">
/// The guest asks for a sleep state; the argument is SLP_TYP. <see cref="AcpiPmLayout.SleepTypeS5"/> means power off. Called
/// inside a port write: whoever receives it acts after the vCPU's exit is complete.
/// </param>
/// <param name="SmiCommand">Other values written to the SMI command port than those that switch ACPI; null to ignore them.</param>
public sealed record AcpiPmWiring(IVmClock Clock, IInterruptLine Sci, Action<int> Sleep, Action<byte>? SmiCommand = null);
