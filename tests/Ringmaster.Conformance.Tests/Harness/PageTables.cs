namespace Ringmaster.Conformance.Tests.Harness;

/// <summary>
/// Page tables for every paging mode, side by side: an identity map of the guest's memory, the same once more in the upper
/// half, and one page at <see cref="Layout.Window"/>.
/// </summary>
internal static class PageTables
{
    public const ulong Present = 1, Writable = 2, User = 4, Accessed = 0x20, Dirty = 0x40, Large = 0x80, Global = 0x100,
        NoExecute = 1UL << 63;

    /// <summary>All tables lie from here on.</summary>
    public const uint Tables = 0x10_0000;

    /// <summary>Present, writable, user.</summary>
    public const ulong All = Present | Writable | User;

    /// <summary>The page directory of the first gigabyte, for all modes with eight-byte entries.</summary>
    public const uint Level2 = 0x10_3000;

    private const uint Level5 = Tables, Level4 = 0x10_1000, Level3 = 0x10_2000, Identity = 0x10_4000,
        WindowTable = 0x10_5000, NarrowDirectory = 0x10_6000, NarrowIdentity = 0x10_7000, NarrowWindow = 0x10_8000, PaeTop = 0x10_9000;

    /// <summary>What CR3 holds in a mode.</summary>
    public static uint Root(GuestMode mode) => mode.IsTwoLevel() ? NarrowDirectory : mode.IsPae() ? PaeTop
        : mode.IsFiveLevel() ? Level5 : Level4;

    /// <summary>The PDPTE of the first gigabyte in PAE mode.</summary>
    public const ulong FirstPdpte = Level2 | Present;

    public static void Build(Guest guest)
    {
        guest.Write(Level5, Level4 | All);
        guest.Write(Level5 + 256 * 8UL, Level4 | All);
        guest.Write(Level5 + 511 * 8UL, Level4 | All);
        guest.Write(Level4, Level3 | All);
        guest.Write(Level4 + 256 * 8UL, Level3 | All);
        guest.Write(Level3, Level2 | All);
        guest.Write(PaeTop, FirstPdpte);
        guest.Write(Level2, Identity | All);
        guest.Write(Level2 + (Layout.Window >> 21) * 8UL, WindowTable | All);
        guest.Write(WindowTable, Layout.Frame | All);
        guest.Write(NarrowDirectory, (uint)(NarrowIdentity | All));
        guest.Write(NarrowDirectory + (Layout.Window >> 22) * 4UL, (uint)(NarrowWindow | All));
        guest.Write(NarrowWindow, (uint)(Layout.Frame | All));
        for (var page = 0U; page < Layout.MemorySize >> 12; page++)
        {
            guest.Write(Identity + page * 8UL, (page << 12) | All);
            guest.Write(NarrowIdentity + page * 4UL, (uint)((page << 12) | All));
        }
    }

    /// <summary>Where the entry lies that maps a page of the identity map.</summary>
    public static ulong IdentityEntry(GuestMode mode, ulong address) =>
        mode.IsTwoLevel() ? NarrowIdentity + (address >> 12) * 4 : Identity + (address >> 12) * 8;

    /// <summary>Where the window's entry of a level lies: 1 is the page table's, 5 the PML5's.</summary>
    public static ulong WindowEntry(GuestMode mode, int level) => (mode.IsTwoLevel(), level) switch
    {
        (true, 1) => NarrowWindow,
        (true, _) => NarrowDirectory + (Layout.Window >> 22) * 4UL,
        (false, 1) => WindowTable,
        (false, 2) => Level2 + (Layout.Window >> 21) * 8UL,
        (false, 3) => mode.IsPae() ? PaeTop : Level3,
        (false, 4) => Level4,
        _ => Level5,
    };
}
