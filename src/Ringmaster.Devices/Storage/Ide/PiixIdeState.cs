using Ringmaster.Devices.Pci;

namespace Ringmaster.Devices.Storage.Ide;

/// <summary>The saved state of a <see cref="PiixIde"/>.</summary>
/// <param name="Pci">The function on the bus.</param>
/// <param name="Primary">The first channel.</param>
/// <param name="Secondary">The second channel.</param>
/// <param name="PrimaryMaster">The first channel's bus master.</param>
/// <param name="SecondaryMaster">The second channel's bus master.</param>
public sealed record PiixIdeState(
    PciFunctionState Pci, IdeChannelState Primary, IdeChannelState Secondary, BusMasterState PrimaryMaster, BusMasterState SecondaryMaster);
