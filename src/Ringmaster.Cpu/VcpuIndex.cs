using System.Globalization;

namespace Ringmaster.Cpu;

/// <summary>The number of a virtual CPU in its machine, from 0. The first is the bootstrap processor.</summary>
/// <param name="Value">0 to 254.</param>
public readonly record struct VcpuIndex(int Value)
{
    /// <inheritdoc/>
    public override string ToString() => Value.ToString(CultureInfo.InvariantCulture);
}
