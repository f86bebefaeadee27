using System.Collections.Immutable;

namespace Ringmaster.Devices.FwCfg;

/// <summary>Saved state of the firmware configuration device. Read-only content belongs to the configuration.</summary>
/// <param name="Selector">The selected key.</param>
/// <param name="Offset">Next byte of the item.</param>
/// <param name="DmaAddressHigh">High half of the DMA address register.</param>
/// <param name="WritableFiles">Content of the files that the guest may write.</param>
public sealed record FwCfgState(
    ushort Selector, uint Offset, uint DmaAddressHigh, ImmutableArray<FwCfgFileState> WritableFiles);
