namespace Ringmaster.Cpu.Paging;

/// <summary>Bits of paging-structure entries (SDM 3A figures 4-4, 4-7 and 4-11).</summary>
internal static class PageEntry
{
    public const ulong Present = 1, Writable = 1 << 1, User = 1 << 2, WriteThrough = 1 << 3, CacheDisable = 1 << 4, Accessed = 1 << 5,
        Dirty = 1 << 6, PageSize = 1 << 7, PatOfPage = 1 << 7, Global = 1 << 8, PatOfLargePage = 1 << 12, NoExecute = 1UL << 63;

    /// <summary>Bits 12 to 51.</summary>
    public const ulong AddressMask = 0x000F_FFFF_FFFF_F000;

    /// <summary>The protection key, bits 59 to 62.</summary>
    public static int ProtectionKey(ulong entry) => (int)(entry >> 59) & 15;
}
