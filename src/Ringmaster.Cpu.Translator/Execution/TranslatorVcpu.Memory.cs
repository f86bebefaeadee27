using Ringmaster.Cpu.Interpreter.Execution;
using Ringmaster.Cpu.Interpreter.Memory;
using Ringmaster.Cpu.Paging;
using Ringmaster.Cpu.Translator.Memory;
using Ringmaster.Memory;

namespace Ringmaster.Cpu.Translator.Execution;

/// <summary>Filling the TLB of generated code.</summary>
internal unsafe partial class TranslatorVcpu
{
    /// <summary>Most bytes on either side of a page that its run takes in.</summary>
    private const ulong Reach = 1 << 20;

    private bool HasGlobalPages => (Cr4 & Cr4Bits.PageGlobal) != 0;

    /// <summary>Translates for an access of generated code.</summary>
    /// <returns>The host address, or 0 if the interpreter must carry the instruction out.</returns>
    private ulong FillTlb(ulong linear, FillRequest request)
    {
        if ((linear & 0xFFF) + (ulong)request.Size > 0x1000 || (Is64BitMode && !IsCanonical(linear)))
            return 0;
        var mode = CurrentMmuMode;
        // Of a group one access is sure to follow, but maybe not a store: it must find the page writable and dirty already.
        var kind = request is { Writes: true, IsGroup: false } ? AccessKind.Write : AccessKind.Read;
        var translation = Walk(linear, kind, mode);
        if (translation.IsFault || IsWatched(linear & ~0xFFFUL))
            return 0;
        if (RunAround(linear, translation, mode, kind) is not { } run || (request.Writes && !run.IsWritable))
            return 0;
        return (ulong)_softTlb.Fill((int)mode, linear, run, request.Slot, request.Writes);
    }

    /// <summary>The run of addresses around one that is mapped by the same large page.</summary>
    private TranslatedRun? RunAround(ulong linear, in PageTranslation translation, MmuMode mode, AccessKind kind)
    {
        if (_memory.RangeOf(translation.Address) is not { } range)
            return null;
        var page = linear & ~0xFFFUL;
        var physical = translation.Address.Value & ~0xFFFUL;
        var size = 1UL << translation.PageShift;
        var offset = physical & (size - 1);
        // As far as the large page, the range of memory and our own patience go.
        var before = Math.Min(Math.Min(offset, physical - range.Start.Value), Reach);
        var after = Math.Min(Math.Min(size - offset, range.End.Value - physical), Reach);
        var (writeStart, writeLength) = (page, 0UL);
        if (MayStore(translation, mode, kind) && _memory.IsRam(translation.Address))
        {
            var holders = _memory.Watch.Holders;
            var number = (int)(physical >> 12);
            if (holders[number] == 0)
            {
                var below = holders[(number - (int)(before >> 12))..number].LastIndexOfAnyExcept(0);
                var above = holders.Slice(number, (int)(after >> 12)).IndexOfAnyExcept(0);
                var pagesBefore = below < 0 ? before >> 12 : (before >> 12) - (ulong)below - 1;
                var pagesAfter = above < 0 ? after >> 12 : (ulong)above;
                writeStart = page - (pagesBefore << 12);
                writeLength = pagesBefore + pagesAfter << 12;
            }
        }
        return new TranslatedRun((ulong)_memory.HostBase + physical - page, page - before, before + after, writeStart, writeLength,
            translation.PageShift, translation.IsGlobal && HasGlobalPages);
    }
}
