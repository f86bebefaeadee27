namespace Ringmaster.Devices.Bus;

/// <summary>
/// A device with I/O ports. It is accessed only at ports of its ranges, and with no more bytes than the range's
/// <see cref="PortRange.MaxAccess"/>.
/// </summary>
public interface IPortDevice : IDevice, IPortTarget
{
    /// <summary>The ports it answers from power-on; fixed for the device's life.</summary>
    IReadOnlyList<PortRange> PortRanges { get; }
}
