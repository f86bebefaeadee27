namespace Ringmaster.Devices.Bus;

/// <summary>A device with memory-mapped registers. All bytes of an access lie in one of its ranges.</summary>
public interface IMmioDevice : IDevice, IMmioTarget
{
    /// <summary>The addresses it answers from power-on; fixed for the device's life.</summary>
    IReadOnlyList<MmioRange> MmioRanges { get; }
}
