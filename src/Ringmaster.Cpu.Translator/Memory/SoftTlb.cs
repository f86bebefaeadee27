using Ringmaster.Cpu.Translator.Execution;
using Ringmaster.Memory;

namespace Ringmaster.Cpu.Translator.Memory;

/// <summary>
/// The software TLB of one vCPU as the runtime sees it: the tables in the vCPU's area that generated code reads. What is filled
/// is listed, so that forgetting costs no more than filling did.
/// </summary>
internal sealed unsafe class SoftTlb
{
    private const ulong IsGlobal = 1;

    private readonly byte* _area;
    private readonly GuestMemory _memory;
    private readonly List<int> _filled = [];

    /// <param name="area">The vCPU's area.</param>
    /// <param name="memory">The guest's memory.</param>
    public SoftTlb(byte* area, GuestMemory memory)
    {
        _area = area;
        _memory = memory;
        for (var i = 0; i < Area.Contexts * Area.Slots; i++)
            Empty(Slot(SlotPlace(i)));
        for (var i = 0; i < Area.TlbModes * Area.TlbEntries; i++)
            Entry(i)->ReadTag = Entry(i)->WriteTag = TranslationEntry.Invalid;
    }

    /// <summary>Entries of the second level that were filled.</summary>
    public long Fills { get; private set; }

    private TranslatorFile* File => (TranslatorFile*)(_area + Area.File);

    /// <summary>Takes a translation on and fills a slot from it.</summary>
    /// <param name="mode">The MMU mode's number.</param>
    /// <param name="linear">The linear address accessed.</param>
    /// <param name="run">What was found.</param>
    /// <param name="slot">The slot's place in the area.</param>
    /// <param name="writes">The slot is for stores.</param>
    /// <returns>The host address.</returns>
    public byte* Fill(int mode, ulong linear, in TranslatedRun run, int slot, bool writes)
    {
        Fills++;
        var page = linear & ~0xFFFUL;
        var index = mode * Area.TlbEntries + (int)(linear >> 12 & (Area.TlbEntries - 1));
        if (_filled.Count >= 2 * Area.TlbModes * Area.TlbEntries)
            Compact();
        _filled.Add(index);
        var entry = Entry(index);
        entry->ReadTag = page;
        entry->WriteTag = run.IsWritable ? page : TranslationEntry.Invalid;
        entry->Addend = run.Addend;
        (entry->ReadStart, entry->ReadLength) = (run.ReadStart, run.ReadLength);
        (entry->WriteStart, entry->WriteLength) = (run.WriteStart, run.WriteLength);
        entry->Properties = (run.IsGlobal ? IsGlobal : 0) | (ulong)run.PageShift << 8;
        FillSlot(Slot(slot), slot, entry, page, writes);
        return (byte*)(linear + run.Addend);
    }

    /// <summary>Forgets everything.</summary>
    public void Flush() => Forget(static (_, _, _) => true, 0);

    /// <summary>Forgets all but what came from global pages.</summary>
    public void FlushAllButGlobal() => Forget(static (properties, _, _) => (properties & IsGlobal) == 0, 0);

    /// <summary>Forgets what came from the guest's page, large ones included, that holds a linear address.</summary>
    public void FlushPage(ulong linear) =>
        Forget(static (properties, start, linear) => (start ^ linear) >> (int)(properties >> 8) == 0, linear);

    /// <summary>Makes all stores to a guest-physical page miss.</summary>
    public void Protect(ulong page)
    {
        var host = (ulong)_memory.HostBase + (page << 12);
        foreach (var index in _filled)
        {
            var entry = Entry(index);
            if (entry->WriteTag == TranslationEntry.Invalid || host - (entry->WriteStart + entry->Addend) >= entry->WriteLength)
                continue;
            // The run around it is worked out anew with the next fill.
            entry->WriteTag = TranslationEntry.Invalid;
        }
        var log = Log;
        for (var i = 0; i < log.Length; i++)
        {
            var slot = Slot((int)log[i]);
            if (host - slot->Host < slot->Limit8 + 7)
                Drop(i--, ref log);
        }
    }

    private Span<uint> Log => new(_area + Area.FillLog, (int)File->FilledSlots);

    private TranslationEntry* Entry(int index) => (TranslationEntry*)(_area + Area.Tlb) + index;

    private SiteSlot* Slot(int place) => (SiteSlot*)(_area + place);

    private static int SlotPlace(int number) => Area.SlotsOf(number / Area.Slots) + number % Area.Slots * SiteSlot.Size;

    private static void Empty(SiteSlot* slot) =>
        *slot = new SiteSlot { NegatedPage = unchecked(0 - SiteSlot.NoPage) };

    private void FillSlot(SiteSlot* slot, int place, TranslationEntry* entry, ulong page, bool writes)
    {
        if (slot->Limit8 == 0)
        {
            var count = (int)File->FilledSlots++;
            Log[count] = (uint)place;
        }
        var (start, length) = writes ? (entry->WriteStart, entry->WriteLength) : (entry->ReadStart, entry->ReadLength);
        slot->Start = start;
        slot->Host = start + entry->Addend;
        slot->Addend = entry->Addend;
        slot->Limit8 = length - 7;
        slot->Limit32 = length - 31;
        slot->Limit128 = length - 127;
        slot->NegatedPage = 0 - page;
        slot->Properties = entry->Properties;
    }

    private void Forget(Func<ulong, ulong, ulong, bool> concerns, ulong linear)
    {
        var kept = 0;
        for (var i = 0; i < _filled.Count; i++)
        {
            var index = _filled[i];
            var entry = Entry(index);
            if (entry->ReadTag == TranslationEntry.Invalid)
                continue;
            if (concerns(entry->Properties, entry->ReadTag, linear))
                entry->ReadTag = entry->WriteTag = TranslationEntry.Invalid;
            else
                _filled[kept++] = index;
        }
        _filled.RemoveRange(kept, _filled.Count - kept);
        var log = Log;
        for (var i = 0; i < log.Length; i++)
        {
            var slot = Slot((int)log[i]);
            if (concerns(slot->Properties, slot->Start, linear))
                Drop(i--, ref log);
        }
    }

    /// <summary>Empties a slot and takes it off the list; another takes its place there.</summary>
    private void Drop(int number, ref Span<uint> log)
    {
        Empty(Slot((int)log[number]));
        log[number] = log[^1];
        File->FilledSlots--;
        log = Log;
    }

    /// <summary>Takes out of the list what was filled several times.</summary>
    private void Compact()
    {
        var seen = new HashSet<int>(_filled);
        _filled.Clear();
        _filled.AddRange(seen);
    }
}
