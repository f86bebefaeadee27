using Ringmaster.Memory;

namespace Ringmaster.Devices.Bus;

/// <summary>Something that answers accesses to I/O ports.</summary>
public interface IPortTarget
{
    /// <summary>The guest reads a port.</summary>
    /// <param name="port">The first port.</param>
    /// <param name="size">1, 2 or 4 bytes.</param>
    /// <returns>The value in the low <paramref name="size"/> bytes.</returns>
    uint ReadPort(IoPort port, int size);

    /// <summary>The guest writes a port.</summary>
    /// <param name="port">The first port.</param>
    /// <param name="size">1, 2 or 4 bytes.</param>
    /// <param name="value">The value; bytes above <paramref name="size"/> are zero.</param>
    void WritePort(IoPort port, int size, uint value);
}
