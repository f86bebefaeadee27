using Ringmaster.Memory;

namespace Ringmaster.Devices.Bus;

/// <summary>Guest-physical addresses that a device answers.</summary>
/// <param name="Start">The first byte.</param>
/// <param name="Length">Bytes, not zero.</param>
public readonly record struct MmioRange(GuestPhysicalAddress Start, ulong Length)
{
    /// <summary>The last byte of the range.</summary>
    public GuestPhysicalAddress Last => Start + (Length - 1);

    /// <inheritdoc/>
    public override string ToString() => $"memory {Start}-{Last}";
}
