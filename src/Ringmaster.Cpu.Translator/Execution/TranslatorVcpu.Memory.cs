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

    /// <summary>Most bytes on either side of a page that its run takes in for stores.</summary>
    private const ulong StoreReach = 16 << 20;

    /// <summary>What the instruction by which generated code is about to leave raises, if that is known.</summary>
    private (ulong Linear, PageFaultError Error)? _fault;

    private bool IsGlobal(in PageTranslation translation) => translation.IsGlobal && (Cr4 & Cr4Bits.PageGlobal) != 0;

    /// <summary>Translates for an access of generated code.</summary>
    /// <returns>The host address, or 0 if the interpreter must carry the instruction out.</returns>
    private ulong FillTlb(ulong linear, FillRequest request)
    {
        SyncMode();
        if (request.HasSlot && Slot(request.Slot)->Misses is >= 0 and < int.MaxValue / 2)
            AskTlbDirectly(request.Slot);
        if ((linear & 0xFFF) + (ulong)request.Size > 0x1000 || (Is64BitMode && !IsCanonical(linear)))
            return 0;
        var mode = CurrentMmuMode;
        // Of a group one access is sure to follow, but maybe not a store: it must find the page writable and dirty already.
        var kind = request is { Writes: true, IsGroup: false } ? AccessKind.Write : AccessKind.Read;
        var translation = Walk(linear, kind, mode);
        if (translation.IsFault && request.MayFault)
            _fault = (linear, translation.Error);
        if (translation.IsFault || IsWatched(linear & ~0xFFFUL))
            return 0;
        if (RunAround(linear, translation, mode, kind) is not { } run || (request.Writes && !run.IsWritable))
            return 0;
        return (ulong)_softTlb.Fill((int)mode, linear, run, request);
    }

    /// <summary>A slot has been asked for ever new pages: the code that uses it is translated anew, and then asks the TLB itself.</summary>
    private void AskTlbDirectly(int slot)
    {
        Slot(slot)->Misses = int.MaxValue / 2;
        if (_cache.Scatter(slot))
            ((CpuFile*)_area)->Run = 0;
    }

    private SiteSlot* Slot(int place) => (SiteSlot*)(_area + place);

    /// <summary>The run of addresses around one that lies in one piece in host memory.</summary>
    private TranslatedRun? RunAround(ulong linear, in PageTranslation translation, MmuMode mode, AccessKind kind)
    {
        if (_memory.RangeOf(translation.Address) is not { } range)
            return null;
        var page = linear & ~0xFFFUL;
        var physical = translation.Address.Value & ~0xFFFUL;
        var addend = (ulong)_memory.HostBase + physical - page;
        var isGlobal = IsGlobal(translation);
        var mayStore = MayStore(translation, mode, kind) && _memory.IsStorable(translation.Address, 1);
        if (translation.PageShift == 12)
        {
            var stores = mayStore && !_memory.Watch.Watches(physical >> 12) ? 0x1000UL : 0;
            return new TranslatedRun(addend, page, 0x1000, page, stores, 12, isGlobal);
        }
        var run = _softTlb.FindLarge(mode, linear) ?? FindLarge(linear, translation, mode, isGlobal);
        // It may reach out of this range of memory, and may have been clean when it was found.
        var before = Math.Min(page - run.Start, physical - range.Start.Value);
        var after = Math.Min(run.Start + run.Length - page, range.End.Value - physical);
        var (writeStart, writeLength) = mayStore
            ? FreeOfCode(page, physical, run.MayStore ? before : 0, run.MayStore ? after : 0x1000) : (page, 0);
        return new TranslatedRun(addend, page - before, before + after, writeStart, writeLength, translation.PageShift, isGlobal);
    }

    /// <summary>The addresses around a page whose memory holds no code that is watched.</summary>
    private (ulong Start, ulong Length) FreeOfCode(ulong page, ulong physical, ulong before, ulong after)
    {
        before = Math.Min(before, StoreReach);
        after = Math.Min(after, StoreReach);
        var holders = _memory.Watch.Holders;
        var number = (int)(physical >> 12);
        if (holders[number] != 0)
            return (page, 0);
        var below = holders[(number - (int)(before >> 12))..number].LastIndexOfAnyExcept(0);
        var above = holders.Slice(number, (int)(after >> 12)).IndexOfAnyExcept(0);
        var pagesBefore = below < 0 ? before >> 12 : (before >> 12) - (ulong)below - 1;
        var pagesAfter = above < 0 ? after >> 12 : (ulong)above;
        return (page - (pagesBefore << 12), pagesBefore + pagesAfter << 12);
    }

    /// <summary>Finds the large pages that go together with one, and notes them.</summary>
    private LargeRun FindLarge(ulong linear, in PageTranslation translation, MmuMode mode, bool isGlobal)
    {
        var size = 1UL << translation.PageShift;
        var start = linear & ~(size - 1);
        var addend = (ulong)_memory.HostBase + translation.Address.Value - linear;
        var run = new LargeRun(mode, start, size, addend, isGlobal, MayStore(translation, mode, AccessKind.Read));
        // What is not global is forgotten often.
        for (var i = 0; i < (isGlobal ? Reach : 4) && GoesWith(run, run.Start - size, translation.PageShift); i++)
            run = run with { Start = run.Start - size, Length = run.Length + size };
        for (var i = 0; i < (isGlobal ? Reach : 4) && GoesWith(run, run.Start + run.Length, translation.PageShift); i++)
            run = run with { Length = run.Length + size };
        _softTlb.AddLarge(run);
        return run;
    }

    /// <summary>Whether a large page continues a run: it has been accessed, or a processor could not know its translation.</summary>
    private bool GoesWith(in LargeRun run, ulong linear, int shift)
    {
        if (Is64BitMode && !IsCanonical(linear))
            return false;
        return TryProbeAccessed(linear, run.Mode, out var translation) && translation.PageShift == shift && IsGlobal(translation) == run.IsGlobal
            && (ulong)_memory.HostBase + translation.Address.Value - linear == run.Addend
            && _memory.RangeOf(translation.Address) is { } range && range.End.Value - translation.Address.Value >= 1UL << shift
            && MayStore(translation, run.Mode, AccessKind.Read) == run.MayStore;
    }
}
