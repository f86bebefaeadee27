namespace Ringmaster.Devices.Virtio;

/// <summary>The saved state of a <see cref="VirtioCore"/>.</summary>
/// <param name="Status">The device status field.</param>
/// <param name="DriverFeatures">What the driver has accepted so far.</param>
/// <param name="OfferedSelector">Which 32 offered features the driver looks at.</param>
/// <param name="AcceptedSelector">Which 32 accepted features the driver writes.</param>
/// <param name="QueueSelector">Which queue the driver looks at.</param>
/// <param name="ConfigVector">The MSI-X vector of configuration changes.</param>
/// <param name="Generation">Counts changes of the configuration space.</param>
/// <param name="IsLegacy">Whether the driver uses the interface of before virtio 1.</param>
/// <param name="Interrupts">The interrupt status.</param>
/// <param name="GoesOnAt">When the device looks into its queues on its own, in nanoseconds of the VM clock; null if it waits for the driver.</param>
/// <param name="Queues">The queues.</param>
public sealed record VirtioCoreState(
    byte Status, ulong DriverFeatures, uint OfferedSelector, uint AcceptedSelector, ushort QueueSelector, ushort ConfigVector,
    byte Generation, bool IsLegacy, byte Interrupts, long? GoesOnAt, VirtQueueState[] Queues);
