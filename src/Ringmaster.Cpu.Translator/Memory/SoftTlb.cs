using Ringmaster.Cpu.Interpreter.Memory;
using System.Runtime.CompilerServices;
using System.Runtime.InteropServices;
using System.Runtime.Intrinsics;
using Ringmaster.Cpu.Translator.Execution;
using Ringmaster.Memory;

namespace Ringmaster.Cpu.Translator.Memory;

/// <summary>
/// The software TLB of one vCPU as the runtime sees it: the tables in the vCPU's area that generated code reads. What is filled
/// is listed, so that forgetting costs no more than filling did.
/// </summary>
/// <remarks>
/// Pages of 4 KiB that are neighbours in guest-physical memory too are taken together: an entry knows the run around its page.
/// Such runs stay inside 2 MiB, a vicinity, so that forgetting a page need look only there.
/// </remarks>
internal sealed unsafe class SoftTlb
{
    /// <summary>log2 of the bytes of a vicinity.</summary>
    public const int VicinityShift = 21;

    /// <summary>Most pages of 4 KiB that are taken together.</summary>
    private const int MostPages = 64;

    private const ulong IsGlobal = 1;

    /// <summary>Set in the words of <see cref="Vicinities"/> for global pages.</summary>
    private const uint GlobalBit = 1u << 31;

    private const int SmallPage = 12;

    private readonly byte* _area;
    private readonly GuestMemory _memory;
    private readonly Filled _global = new(), _other = new();
    private readonly LargeRuns _large = new();

    // For each entry the first guest-physical page that may be stored to and how many there are, close together to be searched.
    private readonly uint[] _firstStored = new uint[Area.TlbModes * Area.TlbEntries], _stored = new uint[Area.TlbModes * Area.TlbEntries];

    /// <param name="area">The vCPU's area.</param>
    /// <param name="memory">The guest's memory.</param>
    public SoftTlb(byte* area, GuestMemory memory)
    {
        _area = area;
        _memory = memory;
        for (var i = 0; i < Area.Contexts * Area.Slots; i++)
        {
            Empty(Slot(SlotPlace(i)));
            Slot(SlotPlace(i))->Misses = SiteSlot.Patience;
        }
        for (var i = 0; i < Area.TlbModes * Area.TlbEntries; i++)
            Invalidate(i);
    }

    /// <summary>How often the second level was asked for a slot.</summary>
    public long Asked
    {
        get
        {
            long asked = 0;
            for (var i = 0; i < Area.Contexts * Area.Slots; i++)
            {
                var misses = Slot(SlotPlace(i))->Misses;
                asked += (misses < SiteSlot.GivenUp ? misses : misses - SiteSlot.GivenUp) - (long)SiteSlot.Patience;
            }
            return asked;
        }
    }

    /// <summary>Entries of the second level that were filled.</summary>
    public long Fills { get; private set; }

    private TranslatorFile* File => (TranslatorFile*)(_area + Area.File);

    private Span<uint> Log => new(_area + Area.FillLog, (int)File->FilledSlots);

    private Span<uint> Vicinities => new(_area + Area.Vicinities, (int)File->FilledSlots);

    /// <summary>Takes a translation on and fills a slot from it.</summary>
    /// <param name="mode">The MMU mode's number.</param>
    /// <param name="linear">The linear address accessed.</param>
    /// <param name="run">What was found.</param>
    /// <param name="request">The slot and what it is for.</param>
    /// <returns>The host address.</returns>
    public byte* Fill(int mode, ulong linear, in TranslatedRun run, FillRequest request)
    {
        Fills++;
        var page = linear & ~0xFFFUL;
        var index = IndexOf(mode, linear);
        var entry = Entry(index);
        List(index, entry, run);
        entry->ReadTag = page;
        *ReadTag(index) = 0 - page;
        entry->WriteTag = run.IsWritable ? page : TranslationEntry.Invalid;
        *WriteTag(index) = run.IsWritable ? 0 - page : NoPage(index);
        entry->Addend = *Addend(index) = run.Addend;
        (entry->ReadStart, entry->ReadLength) = (run.ReadStart, run.ReadLength);
        (entry->WriteStart, entry->WriteLength) = (run.WriteStart, run.WriteLength);
        entry->Properties = PropertiesOf(run);
        if (run.PageShift == SmallPage)
            JoinNeighbours(mode, entry, page);
        NoteStores(index);
        if (request.HasSlot)
            FillSlot(request, entry, linear);
        return (byte*)(linear + run.Addend);
    }

    /// <summary>Where a byte that may be read is in host memory, or 0 if no entry tells.</summary>
    public ulong Find(int mode, ulong linear)
    {
        var index = IndexOf(mode, linear);
        return *ReadTag(index) == 0 - (linear & ~0xFFFUL) ? linear + *Addend(index) : 0;
    }

    /// <summary>The large pages around one, if they are known.</summary>
    public LargeRun? FindLarge(MmuMode mode, ulong linear) => _large.Find(mode, linear);

    /// <summary>Notes large pages, from which entries are about to be filled.</summary>
    public void AddLarge(in LargeRun run)
    {
        if (_large.TryAdd(run))
            return;
        Flush();
        _large.TryAdd(run);
    }

    /// <summary>Forgets everything.</summary>
    public void Flush()
    {
        _large.Clear(keepGlobal: false);
        Forget(_global);
        Forget(_other);
        foreach (var place in Log)
            Empty(Slot((int)place));
        File->FilledSlots = 0;
    }

    /// <summary>Forgets all but what came from global pages.</summary>
    public void FlushAllButGlobal()
    {
        _large.Clear(keepGlobal: true);
        Forget(_other);
        DropAll(GlobalBit, 0);
    }

    /// <summary>Forgets what came from the guest's page, large ones included, that holds a linear address.</summary>
    public void FlushPage(ulong linear)
    {
        if (_large.Hold(linear))
        {
            Flush();
            return;
        }
        var vicinity = linear >> VicinityShift;
        var joined = _global.JoinedIn(vicinity) | _other.JoinedIn(vicinity);
        for (var mode = 0; mode < Area.TlbModes; mode++)
            FlushRuns(mode, linear, (joined & 1 << mode) != 0 ? MostPages - 1UL : 0);
        DropAll(~GlobalBit, VicinityWord(linear, 0));
    }

    /// <summary>Forgets the entries whose run holds a linear address, up to so many pages on either side.</summary>
    private void FlushRuns(int mode, ulong linear, ulong reach)
    {
        var page = linear >> SmallPage;
        var first = page - Math.Min(reach, page & (1UL << VicinityShift - SmallPage) - 1);
        for (var other = first; other <= page + reach; other++)
        {
            // The negated pages lie close together.
            var index = IndexOf(mode, other << SmallPage);
            if (*ReadTag(index) != 0 - (other << SmallPage))
                continue;
            var entry = Entry(index);
            if (linear - entry->ReadStart < entry->ReadLength || other == page)
                Invalidate(index);
        }
    }

    /// <summary>Drops the slots whose vicinity's word is a value where a mask selects.</summary>
    private void DropAll(uint mask, uint value)
    {
        for (var i = FindLast(Vicinities, mask, value); i >= 0; i = FindLast(Vicinities[..i], mask, value))
            Drop(i);
    }

    /// <summary>The last word that is a value where a mask selects, or -1. Fast from the first call on: guests forget pages all the time.</summary>
    [MethodImpl(MethodImplOptions.AggressiveOptimization)]
    private static int FindLast(ReadOnlySpan<uint> words, uint mask, uint value)
    {
        var end = words.Length;
        ref var first = ref MemoryMarshal.GetReference(words);
        var (masks, values) = (Vector256.Create(mask), Vector256.Create(value));
        for (; end >= Vector256<uint>.Count; end -= Vector256<uint>.Count)
        {
            var found = Vector256.Equals(Vector256.LoadUnsafe(ref first, (nuint)(end - Vector256<uint>.Count)) & masks, values).ExtractMostSignificantBits();
            if (found != 0)
                return end - Vector256<uint>.Count + System.Numerics.BitOperations.Log2(found);
        }
        for (var i = end - 1; i >= 0; i--)
        {
            if ((words[i] & mask) == value)
                return i;
        }
        return -1;
    }

    /// <summary>Which vicinity a slot was filled from, and in the highest bit whether from a global page.</summary>
    private static uint VicinityWord(ulong linear, ulong properties) =>
        System.Numerics.BitOperations.RotateRight((uint)(linear >> VicinityShift) << 1 | (uint)properties, 1);

    /// <summary>Makes all stores to a guest-physical page miss.</summary>
    public void Protect(ulong page)
    {
        var host = (ulong)_memory.HostBase + (page << 12);
        // The run around an entry's page is worked out anew with the next fill.
        for (var i = FindStored(0, (uint)page); i >= 0; i = FindStored(i + 1, (uint)page))
        {
            Entry(i)->WriteTag = TranslationEntry.Invalid;
            *WriteTag(i) = NoPage(i);
            _stored[i] = 0;
        }
        for (var i = Log.Length - 1; i >= 0; i--)
        {
            var slot = Slot((int)Log[i]);
            if (host - slot->Host < slot->Limit + SiteSlot.MostMargin)
                Drop(i);
        }
    }

    private static int IndexOf(int mode, ulong linear) => mode * Area.TlbEntries + (int)(linear >> SmallPage & (Area.TlbEntries - 1));

    private static ulong PropertiesOf(in TranslatedRun run) => (run.IsGlobal ? IsGlobal : 0) | (ulong)run.PageShift << 32;

    private static int SlotPlace(int number) => Area.SlotsOf(number / Area.Slots) + number % Area.Slots * SiteSlot.Size;

    private static void Empty(SiteSlot* slot) =>
        *slot = new SiteSlot { NegatedWindow = unchecked(0 - SiteSlot.NoWindow), WindowMask = ulong.MaxValue, Misses = slot->Misses };

    private TranslationEntry* Entry(int index) => (TranslationEntry*)(_area + Area.Tlb) + index;

    private ulong* ReadTag(int index) => (ulong*)(_area + Area.DirectOf(index / Area.TlbEntries, Area.DirectReads)) + index % Area.TlbEntries;

    private ulong* WriteTag(int index) => (ulong*)(_area + Area.DirectOf(index / Area.TlbEntries, Area.DirectWrites)) + index % Area.TlbEntries;

    private ulong* Addend(int index) => (ulong*)(_area + Area.DirectOf(index / Area.TlbEntries, Area.DirectAddends)) + index % Area.TlbEntries;

    private void Invalidate(int index)
    {
        Entry(index)->ReadTag = Entry(index)->WriteTag = TranslationEntry.Invalid;
        *ReadTag(index) = *WriteTag(index) = NoPage(index);
        _stored[index] = 0;
    }

    /// <summary>Notes which pages may be stored to by an entry.</summary>
    private void NoteStores(int index)
    {
        var entry = Entry(index);
        var isStorable = entry->WriteTag != TranslationEntry.Invalid;
        _firstStored[index] = (uint)(entry->WriteStart + entry->Addend - (ulong)_memory.HostBase >> SmallPage);
        _stored[index] = isStorable ? (uint)(entry->WriteLength >> SmallPage) : 0;
    }

    /// <summary>The first entry, from a number on, by which a guest-physical page may be stored to; -1 if there is none.</summary>
    [MethodImpl(MethodImplOptions.AggressiveOptimization)]
    private int FindStored(int from, uint page)
    {
        ref var firsts = ref MemoryMarshal.GetArrayDataReference(_firstStored);
        ref var counts = ref MemoryMarshal.GetArrayDataReference(_stored);
        var pages = Vector256.Create(page);
        var i = from;
        for (; i + Vector256<uint>.Count <= _stored.Length; i += Vector256<uint>.Count)
        {
            var found = Vector256.LessThan(pages - Vector256.LoadUnsafe(ref firsts, (nuint)i), Vector256.LoadUnsafe(ref counts, (nuint)i)).ExtractMostSignificantBits();
            if (found != 0)
                return i + System.Numerics.BitOperations.TrailingZeroCount(found);
        }
        for (; i < _stored.Length; i++)
        {
            if (page - _firstStored[i] < _stored[i])
                return i;
        }
        return -1;
    }

    /// <summary>What the direct tables hold in place of a negated page: minus one that is looked up elsewhere, so that no address finds it.</summary>
    private static ulong NoPage(int index) => 0 - ((ulong)((index ^ Area.TlbEntries / 2) % Area.TlbEntries) << SmallPage);

    private SiteSlot* Slot(int place) => (SiteSlot*)(_area + place);

    /// <summary>Notes that an entry is about to be filled.</summary>
    private void List(int index, TranslationEntry* entry, in TranslatedRun run)
    {
        var filled = run.IsGlobal ? _global : _other;
        // What still holds something is in the list that it belongs to.
        if (entry->ReadTag != TranslationEntry.Invalid && (entry->Properties & IsGlobal) == (run.IsGlobal ? IsGlobal : 0))
            return;
        if (filled.Entries.Count >= 2 * Area.TlbModes * Area.TlbEntries)
            filled.Compact();
        filled.Entries.Add(index);
    }

    /// <summary>Extends a page's run by those of the pages before and after it, if they go together.</summary>
    private void JoinNeighbours(int mode, TranslationEntry* entry, ulong page)
    {
        var before = Entry(IndexOf(mode, page - 0x1000));
        var after = Entry(IndexOf(mode, page + 0x1000));
        var first = GoesWith(entry, before, page - 0x1000, page) ? before->ReadStart : page;
        var last = GoesWith(entry, after, page + 0x1000, page) ? after->ReadStart + after->ReadLength : page + 0x1000;
        var pages = (int)(last - first >> SmallPage);
        if (pages is 1 or > MostPages)
            return;
        (entry->ReadStart, entry->ReadLength) = (first, last - first);
        JoinStores(entry, before, after, page);
        ((entry->Properties & IsGlobal) != 0 ? _global : _other).NoteJoined(page >> VicinityShift, mode);
        // The others learn of it now and then; meanwhile what they know is right, if not all.
        if (!System.Numerics.BitOperations.IsPow2(pages))
            return;
        for (var other = first; other != last; other += 0x1000)
        {
            var neighbour = Entry(IndexOf(mode, other));
            if (neighbour->ReadTag != other || neighbour->Addend != entry->Addend || neighbour->Properties != entry->Properties)
                continue;
            (neighbour->ReadStart, neighbour->ReadLength) = (entry->ReadStart, entry->ReadLength);
            if (neighbour->WriteTag == other && other - entry->WriteStart < entry->WriteLength)
            {
                (neighbour->WriteStart, neighbour->WriteLength) = (entry->WriteStart, entry->WriteLength);
                NoteStores(IndexOf(mode, other));
            }
        }
    }

    private static void JoinStores(TranslationEntry* entry, TranslationEntry* before, TranslationEntry* after, ulong page)
    {
        if (entry->WriteTag != page)
            return;
        var first = before->WriteTag == page - 0x1000 && entry->ReadStart != page ? before->WriteStart : page;
        var last = after->WriteTag == page + 0x1000 && entry->ReadStart + entry->ReadLength != page + 0x1000
            ? after->WriteStart + after->WriteLength : page + 0x1000;
        (entry->WriteStart, entry->WriteLength) = (first, last - first);
    }

    private static bool GoesWith(TranslationEntry* entry, TranslationEntry* neighbour, ulong page, ulong of) =>
        neighbour->ReadTag == page && neighbour->Addend == entry->Addend && neighbour->Properties == entry->Properties
        && page >> VicinityShift == of >> VicinityShift;

    private void FillSlot(FillRequest request, TranslationEntry* entry, ulong linear)
    {
        var slot = Slot(request.Slot);
        var wasEmpty = slot->Limit == 0;
        var (start, length) = request.Writes ? (entry->WriteStart, entry->WriteLength) : (entry->ReadStart, entry->ReadLength);
        if (!slot->TryCover(linear, start, length, entry->Addend, request.Margin))
            return;
        slot->Properties = entry->Properties;
        if (wasEmpty)
        {
            slot->LogIndex = File->FilledSlots++;
            Log[(int)slot->LogIndex] = (uint)request.Slot;
        }
        Vicinities[(int)slot->LogIndex] = VicinityWord(linear, entry->Properties & IsGlobal);
    }

    private void Forget(Filled filled)
    {
        foreach (var index in filled.Entries)
            Invalidate(index);
        filled.Clear();
    }

    /// <summary>Empties a slot and takes it off the list; another takes its place there.</summary>
    private void Drop(int number)
    {
        var last = Log.Length - 1;
        Empty(Slot((int)Log[number]));
        if (number != last)
        {
            (Log[number], Vicinities[number]) = (Log[last], Vicinities[last]);
            Slot((int)Log[number])->LogIndex = (uint)number;
        }
        File->FilledSlots--;
    }

    /// <summary>What entries hold something: those of global pages, or the others.</summary>
    private sealed class Filled
    {
        /// <summary>Numbers of entries; a number may be there twice, and its entry may hold nothing any more.</summary>
        public List<int> Entries { get; } = [];

        // The vicinities in which pages have been taken together, and by bits the modes.
        private readonly Dictionary<ulong, int> _joined = [];

        /// <summary>By bits the MMU modes for which pages of a vicinity have been taken together.</summary>
        public int JoinedIn(ulong vicinity) => _joined.GetValueOrDefault(vicinity);

        public void NoteJoined(ulong vicinity, int mode) =>
            CollectionsMarshal.GetValueRefOrAddDefault(_joined, vicinity, out _) |= 1 << mode;

        public void Clear()
        {
            Entries.Clear();
            _joined.Clear();
        }

        /// <summary>Takes out of the list what is there several times.</summary>
        public void Compact()
        {
            var seen = new HashSet<int>(Entries);
            Entries.Clear();
            Entries.AddRange(seen);
        }
    }
}
