namespace Ringmaster.Devices.Storage;

/// <summary>One request of a <see cref="BlockJob"/>.</summary>
/// <param name="Operation">What to do.</param>
/// <param name="Offset">The first byte on the disk; a multiple of <see cref="BlockRequest.SectorSize"/>.</param>
/// <param name="Length">Bytes, a multiple of <see cref="BlockRequest.SectorSize"/>.</param>
/// <param name="MayUnmap">See <see cref="BlockRequest.MayUnmap"/>.</param>
public readonly record struct BlockStep(BlockOperation Operation, ulong Offset, ulong Length, bool MayUnmap = false)
{
    /// <summary>Whether it moves bytes between the disk and memory.</summary>
    internal bool Moves => Operation is BlockOperation.Read or BlockOperation.Write;

    /// <summary>Whether it is one that a back end takes.</summary>
    internal bool IsValid => Enum.IsDefined(Operation) && Offset % BlockRequest.SectorSize == 0 && Length % BlockRequest.SectorSize == 0;
}
