using Ringmaster.Memory;

namespace Ringmaster.Firmware;

/// <summary>A range of the memory map.</summary>
/// <param name="Start">First byte.</param>
/// <param name="Length">Bytes; not zero.</param>
/// <param name="Type">What it is.</param>
public readonly record struct MemoryMapEntry(GuestPhysicalAddress Start, ulong Length, MemoryMapType Type)
{
    /// <summary>One past the last byte.</summary>
    public GuestPhysicalAddress End => Start + Length;
}
