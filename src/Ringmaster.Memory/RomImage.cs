namespace Ringmaster.Memory;

/// <summary>Read-only memory: a place and what it holds.</summary>
/// <param name="Start">First byte; page-aligned.</param>
/// <param name="Content">A multiple of the page size, not empty.</param>
public sealed record RomImage(GuestPhysicalAddress Start, ReadOnlyMemory<byte> Content)
{
    /// <summary>The addresses that it takes.</summary>
    public RamRange Range => new(Start, (ulong)Content.Length);
}
