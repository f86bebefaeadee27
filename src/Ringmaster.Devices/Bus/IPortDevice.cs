using Ringmaster.Memory;

namespace Ringmaster.Devices.Bus;

/// <summary>A device with I/O ports.</summary>
public interface IPortDevice : IDevice
{
    /// <summary>The ports it answers from power-on; fixed for the device's life.</summary>
    IReadOnlyList<PortRange> PortRanges { get; }

    /// <summary>The guest reads a port.</summary>
    /// <param name="port">A port of the device's ranges.</param>
    /// <param name="size">1, 2 or 4 bytes, at most the range's <see cref="PortRange.MaxAccess"/>.</param>
    /// <returns>The value in the low <paramref name="size"/> bytes.</returns>
    uint ReadPort(IoPort port, int size);

    /// <summary>The guest writes a port.</summary>
    /// <param name="port">A port of the device's ranges.</param>
    /// <param name="size">1, 2 or 4 bytes, at most the range's <see cref="PortRange.MaxAccess"/>.</param>
    /// <param name="value">The value; bytes above <paramref name="size"/> are zero.</param>
    void WritePort(IoPort port, int size, uint value);
}
