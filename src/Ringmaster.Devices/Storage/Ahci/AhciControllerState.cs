using Ringmaster.Devices.Pci;

namespace Ringmaster.Devices.Storage.Ahci;

/// <summary>The saved state of an <see cref="AhciController"/>.</summary>
/// <param name="InterruptsEnabled">GHC.IE.</param>
/// <param name="Interrupts">The interrupt status register, a bit for each port.</param>
/// <param name="Ports">The ports.</param>
/// <param name="Pci">The function.</param>
public sealed record AhciControllerState(bool InterruptsEnabled, uint Interrupts, AhciPortState[] Ports, PciFunctionState Pci);
