using Ringmaster.Memory;

namespace Ringmaster.Devices.Storage.Ide;

/// <summary>Memory that the bus master gives a drive for a part of its transfer.</summary>
/// <param name="Length">Bytes; 0 if the table gives none.</param>
/// <param name="Pieces">The memory, in order.</param>
/// <param name="Regions">Where it is in guest-physical address space.</param>
/// <param name="After">The place behind it.</param>
/// <param name="End">What is there.</param>
internal sealed record DmaGrant(
    int Length, IReadOnlyList<Memory<byte>> Pieces, IReadOnlyList<(GuestPhysicalAddress Address, uint Length)> Regions, PrdCursor After, DmaEnd End);
