using Ringmaster.Cpu.Translator.Execution;
using Ringmaster.Cpu.Translator.Memory;

namespace Ringmaster.Cpu.Translator.Tests.Memory;

/// <summary>The software TLB as generated code sees it.</summary>
/// <param name="area">The vCPU's area.</param>
internal sealed unsafe class TlbView(byte* area)
{
    public static int PlaceOf(int slot) => Area.SlotsOf(0) + slot * SiteSlot.Size;

    public SiteSlot* Slot(int number) => (SiteSlot*)(area + PlaceOf(number));

    public TranslationEntry* Entry(int mode, ulong linear) =>
        (TranslationEntry*)(area + Area.TlbOf(mode)) + (linear >> 12 & (Area.TlbEntries - 1));

    /// <summary>The host address of an access, or null where the second level does not know; both ways to ask it must agree.</summary>
    public ulong? Find(int mode, ulong linear, int size, bool writes)
    {
        var entry = Entry(mode, linear);
        var last = (linear + (ulong)size - 1) & ~0xFFFUL;
        ulong? found = last == (writes ? entry->WriteTag : entry->ReadTag) ? linear + entry->Addend : null;
        Assert.Equal(found, FindDirectly(mode, linear, size, writes));
        return found;
    }

    /// <summary>The same by the tables for code that asks directly.</summary>
    public ulong? FindDirectly(int mode, ulong linear, int size, bool writes)
    {
        var index = linear >> 12 & (Area.TlbEntries - 1);
        var minusPage = Table(mode, writes ? Area.DirectWrites : Area.DirectReads)[index];
        var passes = linear + minusPage < 0x1001 - (ulong)size;
        // Where flags must be kept, it is tested so.
        Assert.Equal(passes, (linear + minusPage + (ulong)size - 1 & ~0xFFFUL) == 0);
        return passes ? linear + Table(mode, Area.DirectAddends)[index] : null;
    }

    private ulong* Table(int mode, int table) => (ulong*)(area + Area.DirectOf(mode, table));
}
