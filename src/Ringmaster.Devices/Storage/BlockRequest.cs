namespace Ringmaster.Devices.Storage;

/// <summary>A piece of work for an <see cref="IBlockBackend"/>.</summary>
/// <param name="Operation">What to do.</param>
/// <param name="Offset">The first byte on the disk; a multiple of <see cref="SectorSize"/>.</param>
/// <param name="Length">Bytes, a multiple of <see cref="SectorSize"/>; those of all buffers together, if there are any.</param>
/// <param name="Completed">
/// Receives the end, once. The back end calls it on a thread of its own; the machine's wiring takes the machine's lock between it
/// and a device. One that comes after the device was reset is to be ignored.
/// </param>
public sealed record BlockRequest(BlockOperation Operation, ulong Offset, ulong Length, Action<BlockStatus> Completed)
{
    /// <summary>Bytes of a sector, the unit of all requests.</summary>
    public const int SectorSize = 512;

    /// <summary>
    /// The memory to fill or to store, in order; of any length each. It stays valid, and is the guest's, until the request has
    /// completed: its content may change meanwhile.
    /// </summary>
    public IReadOnlyList<Memory<byte>> Buffers { get; init; } = [];

    /// <summary>For <see cref="BlockOperation.WriteZeroes"/>: whether room may be given back to the host.</summary>
    public bool MayUnmap { get; init; }
}
