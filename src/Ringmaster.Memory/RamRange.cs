namespace Ringmaster.Memory;

/// <summary>A contiguous range of guest RAM.</summary>
/// <param name="Start">First byte; page-aligned.</param>
/// <param name="Length">Bytes; a multiple of the page size, not zero.</param>
public readonly record struct RamRange(GuestPhysicalAddress Start, ulong Length)
{
    /// <summary>One past the last byte.</summary>
    public GuestPhysicalAddress End => Start + Length;
}
