namespace Ringmaster.Devices.Pci;

/// <summary>The saved state of a <see cref="PciFunction"/>, a part of its device's.</summary>
/// <param name="Config">The bytes of the configuration space that differ from those after reset, by offset.</param>
/// <param name="Interrupt">Whether the device asserts its interrupt pin.</param>
/// <param name="MsixTable">The MSI-X table: four numbers a vector, as they lie in memory; null if there is none.</param>
/// <param name="MsixPending">The MSI-X pending bits, 64 each.</param>
/// <param name="MsiPending">The MSI pending bits.</param>
public sealed record PciFunctionState(IReadOnlyDictionary<int, byte> Config, bool Interrupt, uint[]? MsixTable, ulong[]? MsixPending, uint MsiPending);
