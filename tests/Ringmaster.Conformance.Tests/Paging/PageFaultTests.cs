using Ringmaster.Conformance.Tests.Harness;
using static Ringmaster.Conformance.Tests.Harness.PageTables;
using static Ringmaster.Conformance.Tests.Paging.PagingMatrix;

namespace Ringmaster.Conformance.Tests.Paging;

/// <summary>Access rights, reserved bits and the exact error code of every page fault (SDM 3A 4.6, 4.7).</summary>
public sealed class PageFaultTests
{
    private const ulong Smep = 1 << 20, Smap = 1 << 21, Pke = 1 << 22, WriteProtect = 1 << 16, Key1 = 1UL << 59;
    private const uint DisableAccess = 0b0100, DisableWrite = 0b1000;

    private static readonly CaseTable s_cases = new(
        //                                              kernel        user
        //                                              L  S  F       L  S  F
        Row("a plain page", PagingMatrix.All,          ".  .  .       .  .  .", m => Page(m, PageTables.All)),
        Row("an absent page", PagingMatrix.All,        "0  2  0       4  6  4", m => Page(m, Writable | User)),
        Row("an absent page under NX", Wide,           "0  2  10      4  6  14", m => Page(m, Writable | User, nx: true)),
        Row("an absent page under SMEP", PagingMatrix.All, "0  2  10  4  6  14", m => Page(m, 0, cr4: Smep)),
        Row("an absent table", PagingMatrix.All,       "0  2  0       4  6  4", m => m.SetWindow(m.Window(2) & ~1UL, 2)),
        Row("a supervisor page", PagingMatrix.All,     ".  .  .       5  7  5", m => Page(m, Present | Writable)),
        Row("a supervisor page under NX", Wide,        ".  .  .       5  7  15", m => Page(m, Present | Writable, nx: true)),
        Row("a supervisor table", PagingMatrix.All,    ".  .  .       5  7  5", m => m.SetWindow(m.Window(2) & ~User, 2)),
        Row("a read-only page", PagingMatrix.All,      ".  .  .       .  7  .", m => Page(m, Present | User)),
        Row("a read-only page under WP", PagingMatrix.All, ".  3  .   .  7  .", m => Page(m, Present | User, cr0: WriteProtect)),
        Row("a read-only table", PagingMatrix.All,     ".  .  .       .  7  .", m => m.SetWindow(m.Window(2) & ~Writable, 2)),
        Row("a read-only table under WP", PagingMatrix.All, ".  3  .  .  7  .", m => ReadOnlyTable(m)),
        Row("a read-only supervisor page under WP", PagingMatrix.All, ".  3  .  5  7  5", m => Page(m, Present, cr0: WriteProtect)),
        Row("an NX page", Wide,                        ".  .  11      .  .  15", m => Page(m, PageTables.All | NoExecute, nx: true)),
        Row("an NX table", Wide,                       ".  .  11      .  .  15", m => NoExecuteTable(m)),
        Row("bit 63 without NXE", Wide,                "9  B  9       D  F  D", m => Page(m, PageTables.All | NoExecute)),
        Row("a user page under SMEP", PagingMatrix.All, ".  .  11     .  .  .", m => Page(m, PageTables.All, cr4: Smep)),
        Row("a user table over a supervisor page under SMEP", PagingMatrix.All, ".  .  .  5  7  15", m => Page(m, Present | Writable, cr4: Smep)),
        Row("a user page under SMAP", PagingMatrix.All, "1  3  .      .  .  .", m => Page(m, PageTables.All, cr4: Smap)),
        Row("a user page under SMAP with AC", PagingMatrix.All, ".  .  .  .  .  .", m => Page(m, PageTables.All, cr4: Smap, flags: 0x4_0000)),
        Row("a supervisor page under SMAP", PagingMatrix.All, ".  .  .  5  7  5", m => Page(m, Present | Writable, cr4: Smap)),
        Row("address bits beyond the processor's", Wide, "9  B  9     D  F  D", m => Page(m, PageTables.All | 1UL << 50)),
        Row("address bits beyond the processor's under NX", Wide, "9  B  19  D  F  1D", m => Page(m, PageTables.All | 1UL << 50, nx: true)),
        Row("bit 52 of a PAE page", "P",               "9  B  9       D  F  D", m => Page(m, PageTables.All | 1UL << 52)),
        Row("bit 52 of a long-mode page", Long,        ".  .  .       .  .  .", m => Page(m, PageTables.All | 1UL << 52)),
        Row("bit 62 of a PAE table", "P",              "9  B  9       D  F  D", m => m.SetWindow(m.Window(2) | 1UL << 62, 2)),
        Row("reserved bits of an absent page", Wide,   "0  2  0       4  6  4", m => Page(m, User | NoExecute | 1UL << 50)),
        Row("a 2-MByte page", Wide,                    ".  .  .       .  .  .", m => Large(m, 0)),
        Row("a 2-MByte page with address bit 13", Wide, "9  B  9      D  F  D", m => Large(m, 1 << 13)),
        Row("a 2-MByte page's PAT bit", Wide,          ".  .  .       .  .  .", m => Large(m, 1 << 12)),
        Row("a supervisor 2-MByte page", Wide,         ".  .  .       5  7  5", m => Large(m, 0, Present | Writable)),
        Row("a 4-MByte page", "2",                     ".  .  .       .  .  .", m => LargeNarrow(m, 0)),
        Row("a 4-MByte page with bit 21", "2",         "9  B  9       D  F  D", m => LargeNarrow(m, 1 << 21)),
        Row("bit 7 of a directory entry without PSE", "2", ".  .  .   .  .  .", m => m.SetWindow(m.Window(2) | PageTables.Large, 2)),
        Row("a page whose key is forbidden", Long,     "21 23 .       25 27 .", m => Keyed(m, PageTables.All, DisableAccess)),
        Row("a page whose key forbids stores", Long,   ".  .  .       .  27 .", m => Keyed(m, PageTables.All, DisableWrite)),
        Row("a page whose key forbids stores, under WP", Long, ".  23 .  .  27 .", m => Keyed(m, PageTables.All, DisableWrite, WriteProtect)),
        Row("a supervisor page's key", Long,           ".  .  .       5  7  5", m => Keyed(m, Present | Writable, DisableAccess | DisableWrite)),
        Row("a read-only page whose key forbids stores", Long, ".  .  .  .  27 .", m => Keyed(m, Present | User, DisableWrite)),
        Row("a key without CR4.PKE", Long,             ".  .  .       .  .  .", m => Page(m, PageTables.All | Key1)));

    public static TheoryData<string, string> Rows => s_cases.Rows;

    [Theory]
    [MemberData(nameof(Rows))]
    public void Holds(string engine, string name) => s_cases.Run(engine, name);

    private static void Page(Guest guest, ulong bits, ulong cr0 = 0, ulong cr4 = 0, ulong flags = 0, bool nx = false)
    {
        guest.SetWindow(Layout.Frame | bits);
        guest.State.Cr0 |= cr0;
        guest.State.Cr4 |= cr4;
        guest.State.Rflags |= flags;
        if (nx)
            guest.State.Msr.Efer |= 0x800;
        if (cr4 != 0)
            HideKernel(guest);
    }

    private static void ReadOnlyTable(Guest guest)
    {
        guest.SetWindow(guest.Window(2) & ~Writable, 2);
        guest.State.Cr0 |= WriteProtect;
    }

    private static void NoExecuteTable(Guest guest)
    {
        guest.SetWindow(guest.Window(2) | NoExecute, 2);
        guest.State.Msr.Efer |= 0x800;
    }

    // The first two megabytes once more: its first word is a vector of the real-mode table, so a mark is put there.
    private static void Large(Guest guest, ulong bits, ulong rights = PageTables.All)
    {
        guest.Write(0, Layout.Mark);
        guest.SetWindow(rights | PageTables.Large | bits, 2);
    }

    private static void LargeNarrow(Guest guest, ulong bits)
    {
        guest.State.Cr4 |= 0x10;
        Large(guest, bits);
    }

    private static void Keyed(Guest guest, ulong bits, uint rights, ulong cr0 = 0)
    {
        guest.State.Pkru = rights;
        Page(guest, bits | Key1, cr0);
        guest.State.Cr4 |= Pke;
    }
}
