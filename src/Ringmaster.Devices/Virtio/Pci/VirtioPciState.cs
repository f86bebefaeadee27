using System.Text.Json;
using Ringmaster.Devices.Pci;

namespace Ringmaster.Devices.Virtio.Pci;

/// <summary>The saved state of a <see cref="VirtioPciDevice"/>.</summary>
/// <param name="Pci">That of the PCI function.</param>
/// <param name="Core">Negotiation and queues.</param>
/// <param name="Device">What is the device type's own, if anything.</param>
public sealed record VirtioPciState(PciFunctionState Pci, VirtioCoreState Core, JsonElement? Device);
