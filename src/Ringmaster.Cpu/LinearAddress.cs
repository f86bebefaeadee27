using System.Globalization;

namespace Ringmaster.Cpu;

/// <summary>A linear address: what segmentation produces and paging translates (SDM 3A 3.1).</summary>
/// <param name="Value">The address in bytes.</param>
public readonly record struct LinearAddress(ulong Value)
{
    /// <inheritdoc/>
    public override string ToString() => string.Create(CultureInfo.InvariantCulture, $"0x{Value:x}");
}
