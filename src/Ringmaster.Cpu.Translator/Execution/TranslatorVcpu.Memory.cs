using Ringmaster.Cpu.Interpreter.Execution;
using Ringmaster.Cpu.Interpreter.Memory;
using Ringmaster.Cpu.Paging;
using Ringmaster.Cpu.Translator.Memory;
using Ringmaster.Memory;

namespace Ringmaster.Cpu.Translator.Execution;

/// <summary>Filling the TLB of generated code.</summary>
internal unsafe partial class TranslatorVcpu
{
    /// <summary>Most large pages on either side of one that are looked at.</summary>
    private const int Reach = 256;

    /// <summary>Most pages on either side of one that are searched for code at once.</summary>
    private const int StoreReach = 4096;

    /// <summary>Pages that were found to hold no code, and still hold none: whoever reads code from one has this vCPU protect it first.</summary>
    private FreePages _free;

    /// <summary>What the instruction by which generated code is about to leave raises, if that is known.</summary>
    private (ulong Linear, PageFaultError Error)? _fault;

    private bool IsGlobal(in PageTranslation translation) => translation.IsGlobal && (Cr4 & Cr4Bits.PageGlobal) != 0;

    /// <summary>Translates for an access of generated code.</summary>
    /// <returns>The host address, or 0 if the interpreter must carry the instruction out.</returns>
    private ulong FillTlb(ulong linear, FillRequest request)
    {
        SyncMode();
        if (request.HasSlot && Slot(request.Slot)->Misses is >= 0 and < SiteSlot.GivenUp)
            AskTlbDirectly(request.Slot);
        if ((linear & 0xFFF) + (ulong)request.Size > 0x1000)
            return request.TakesCopy ? CopyAcross(linear, request.Size) : 0;
        return FillPage(linear, request);
    }

    /// <summary>Translates for an access that lies in one page.</summary>
    /// <returns>As <see cref="FillTlb(ulong, FillRequest)"/>.</returns>
    private ulong FillPage(ulong linear, FillRequest request)
    {
        if (Is64BitMode && !IsCanonical(linear))
            return 0;
        var mode = CurrentMmuMode;
        // Of a group one access is sure to follow, but maybe not a store: it must find the page writable and dirty already.
        var kind = request is { Writes: true, IsGroup: false } ? AccessKind.Write : AccessKind.Read;
        if (IsWatched(linear & ~0xFFFUL) || RunAround(linear, mode, kind, request.MayFault) is not { } run || (request.Writes && !run.IsWritable))
            return 0;
        return (ulong)_softTlb.Fill((int)mode, linear, run, request);
    }

    /// <summary>Copies an operand that lies in two pages to where it is in one piece. Which of the two is read first no processor promises.</summary>
    /// <returns>The copy's host address, or 0 if the interpreter must carry the instruction out.</returns>
    private ulong CopyAcross(ulong linear, int size)
    {
        var second = (linear | 0xFFF) + 1;
        // The last page is not followed by the first: those who run over the end are the interpreter's, too.
        if (second == 0 || (!Is64BitMode && second > uint.MaxValue) || size > TranslatorFile.MostAcross)
            return 0;
        var low = HostOf(linear);
        // Where the first page faults, the second is not looked up, which would mark it accessed.
        var high = low == 0 ? 0 : HostOf(second);
        if (high == 0)
            return 0;
        var head = (int)(second - linear);
        var copy = new Span<byte>(File->Across, size);
        // SAFETY: both runs reach to their pages' ends.
        new ReadOnlySpan<byte>((byte*)low, head).CopyTo(copy);
        new ReadOnlySpan<byte>((byte*)high, size - head).CopyTo(copy[head..]);
        return (ulong)File->Across;
    }

    /// <summary>Where a byte that may be read is in host memory; 0 if the interpreter must read it.</summary>
    private ulong HostOf(ulong linear) =>
        _softTlb.Find((int)CurrentMmuMode, linear) is var known and not 0 ? known : FillPage(linear, default);

    /// <summary>A slot has been asked for ever new pages: the code that uses it is translated anew, and then asks the TLB itself.</summary>
    private void AskTlbDirectly(int slot)
    {
        Slot(slot)->Misses = SiteSlot.GivenUp;
        if (_cache.Scatter(slot))
            ((CpuFile*)_area)->Run = 0;
    }

    private SiteSlot* Slot(int place) => (SiteSlot*)(_area + place);

    /// <summary>The run of addresses around one that lies in one piece in host memory; null if the interpreter must make the access.</summary>
    private TranslatedRun? RunAround(ulong linear, MmuMode mode, AccessKind kind, bool mayFault)
    {
        // Large pages that are known are as good as a TLB's entries: the guest's tables need not be walked.
        var known = _softTlb.FindLarge(mode, linear);
        if (known is { } large && (kind == AccessKind.Read || large.MayStore))
            return RunIn(large, linear, large.MayStore);
        var translation = Walk(linear, kind, mode);
        if (translation.IsFault)
        {
            if (mayFault)
                _fault = (linear, translation.Error);
            return null;
        }
        var mayStore = MayStore(translation, mode, kind);
        if (translation.PageShift != 12)
            return RunIn(known ?? FindLarge(linear, translation, mode), linear, mayStore);
        if (_memory.RangeOf(translation.Address) is null)
            return null;
        var page = linear & ~0xFFFUL;
        var isFree = mayStore && _memory.IsStorable(translation.Address, 1) && !_memory.Watch.Watches(translation.Address.Page);
        return new TranslatedRun(
            (ulong)_memory.HostBase + (translation.Address.Value & ~0xFFFUL) - page, page, 0x1000, page, isFree ? 0x1000UL : 0, 12, IsGlobal(translation));
    }

    /// <summary>What of a run of large pages lies in the same range of memory as an address in it.</summary>
    /// <param name="run">The run.</param>
    /// <param name="linear">The address.</param>
    /// <param name="mayStore">Stores to its page are allowed; it may have been clean when the run was found.</param>
    private TranslatedRun? RunIn(in LargeRun run, ulong linear, bool mayStore)
    {
        var page = linear & ~0xFFFUL;
        var physical = new GuestPhysicalAddress(page + run.Addend - (ulong)_memory.HostBase);
        if (_memory.RangeOf(physical) is not { } range)
            return null;
        var before = Math.Min(page - run.Start, physical.Value - range.Start.Value);
        var after = Math.Min(run.Start + run.Length - page, range.End.Value - physical.Value);
        var (writeStart, writeLength) = mayStore && _memory.IsStorable(physical, 1)
            ? FreeOfCode(page, physical.Page, run.MayStore ? before : 0, run.MayStore ? after : 0x1000) : (page, 0);
        return new TranslatedRun(run.Addend, page - before, before + after, writeStart, writeLength, run.PageShift, run.IsGlobal);
    }

    /// <summary>The addresses around a page, up to so many bytes before and after its start, whose memory holds no code that is watched.</summary>
    private (ulong Start, ulong Length) FreeOfCode(ulong page, ulong physicalPage, ulong before, ulong after)
    {
        if (_memory.Watch.Watches(physicalPage))
            return (page, 0);
        if (!_free.Holds(physicalPage))
            _free = FreePages.Around(physicalPage, _memory.Watch.Holders, StoreReach);
        before = Math.Min(before, physicalPage - _free.First << 12);
        after = Math.Min(after, _free.End - physicalPage << 12);
        return (page - before, before + after);
    }

    /// <summary>Finds the large pages that go together with one, and notes them.</summary>
    private LargeRun FindLarge(ulong linear, in PageTranslation translation, MmuMode mode)
    {
        var (size, isGlobal) = (1UL << translation.PageShift, IsGlobal(translation));
        var start = linear & ~(size - 1);
        var addend = (ulong)_memory.HostBase + translation.Address.Value - linear;
        var run = new LargeRun(mode, start, size, addend, translation.PageShift, isGlobal, MayStore(translation, mode, AccessKind.Read));
        // What is not global is forgotten often.
        for (var i = 0; i < (isGlobal ? Reach : 4) && GoesWith(run, run.Start - size); i++)
            run = run with { Start = run.Start - size, Length = run.Length + size };
        for (var i = 0; i < (isGlobal ? Reach : 4) && GoesWith(run, run.Start + run.Length); i++)
            run = run with { Length = run.Length + size };
        _softTlb.AddLarge(run);
        return run;
    }

    /// <summary>Whether a large page continues a run: it has been accessed, or a processor could not know its translation.</summary>
    private bool GoesWith(in LargeRun run, ulong linear)
    {
        if (Is64BitMode && !IsCanonical(linear))
            return false;
        return TryProbeAccessed(linear, run.Mode, out var translation) && translation.PageShift == run.PageShift && IsGlobal(translation) == run.IsGlobal
            && (ulong)_memory.HostBase + translation.Address.Value - linear == run.Addend
            && _memory.RangeOf(translation.Address) is { } range && range.End.Value - translation.Address.Value >= 1UL << run.PageShift
            && MayStore(translation, run.Mode, AccessKind.Read) == run.MayStore;
    }
}
