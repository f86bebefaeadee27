using System.Runtime.CompilerServices;
using Ringmaster.Memory;

namespace Ringmaster.Cpu.Paging;

/// <summary>Reads and updates single paging-structure entries in guest memory, atomically, as other vCPUs see them.</summary>
internal static unsafe class PageTableMemory
{
    // What a read of unclaimed physical addresses returns. Present, with reserved bits set, accessed and dirty: tables outside
    // memory end in a fault or map nothing that is RAM, and are never written.
    private const ulong Unclaimed = ulong.MaxValue;

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static ulong Read8(GuestMemory memory, ulong address) =>
        // SAFETY: IsReadable has checked that all eight bytes are mapped; entries are naturally aligned.
        memory.IsReadable(new(address), 8) ? Volatile.Read(ref *(ulong*)(memory.HostBase + address)) : Unclaimed;

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static ulong Read4(GuestMemory memory, ulong address) =>
        // SAFETY: as above, with four bytes.
        memory.IsReadable(new(address), 4) ? Volatile.Read(ref *(uint*)(memory.HostBase + address)) : uint.MaxValue;

    /// <summary>Replaces an entry if it still has its old value.</summary>
    /// <param name="isWide">8 bytes rather than 4.</param>
    /// <returns>The value it had: <paramref name="old"/> if it was replaced, and something else if not.</returns>
    public static ulong Replace(GuestMemory memory, ulong address, ulong old, ulong updated, bool isWide)
    {
        // Tables in ROM work, too: the accessed and dirty bits that they lack are lost.
        if (!memory.Contains(new(address), isWide ? 8u : 4u))
            return memory.IsReadable(new(address), isWide ? 8u : 4u) ? old : ~old;
        // SAFETY: Contains has checked that the entry is in RAM.
        var entry = memory.HostBase + address;
        return isWide
            ? Interlocked.CompareExchange(ref *(ulong*)entry, updated, old)
            : Interlocked.CompareExchange(ref *(uint*)entry, (uint)updated, (uint)old);
    }
}
