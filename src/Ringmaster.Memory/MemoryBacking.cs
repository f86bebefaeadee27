using Ringmaster.Host;

namespace Ringmaster.Memory;

/// <summary>What a guest's RAM is made of on the host.</summary>
/// <param name="Pages">Which pages.</param>
/// <param name="IsLocked">All of it is there from the start and is never swapped out.</param>
public readonly record struct MemoryBacking(HostPages Pages, bool IsLocked)
{
    /// <summary>Bytes of a reserved page, whose multiple RAM must be; null where the host's own page size does.</summary>
    public ulong? ReservedPageSize => Pages.ReservedSize();
}
