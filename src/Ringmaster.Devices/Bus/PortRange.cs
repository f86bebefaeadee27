using Ringmaster.Memory;

namespace Ringmaster.Devices.Bus;

/// <summary>Ports that a device answers.</summary>
/// <param name="First">The first port.</param>
/// <param name="Count">How many, 1 to 65536 - First.</param>
/// <param name="MaxAccess">
/// Widest access in bytes that the device takes whole: 1, 2 or 4. The bus splits wider ones into ascending accesses of this
/// size, as the ISA bus does. Narrower ones always reach the device as they are.
/// </param>
public readonly record struct PortRange(IoPort First, int Count, int MaxAccess = 1)
{
    /// <summary>The last port of the range.</summary>
    public IoPort Last => First + (Count - 1);

    /// <inheritdoc/>
    public override string ToString() => Count == 1 ? $"port {First}" : $"ports {First}-{Last}";
}
