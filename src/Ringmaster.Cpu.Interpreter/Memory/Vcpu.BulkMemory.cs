using Ringmaster.Cpu.Interpreter.Memory;

namespace Ringmaster.Cpu.Interpreter.Execution;

/// <summary>Runs of memory that string instructions may handle at once.</summary>
internal unsafe partial class Vcpu
{
    /// <summary>
    /// The host memory behind a linear address, as far as one page goes, if the TLB allows loads from it just now.
    /// </summary>
    /// <param name="linear">The first byte.</param>
    /// <param name="available">Bytes up to the page's end.</param>
    /// <returns>Null if the slow path must be taken.</returns>
    internal byte* ReadableRun(ulong linear, out int available)
    {
        var entry = _tlb + Tlb.IndexOf(linear);
        available = 0x1000 - (int)(linear & 0xFFF);
        return (linear & ~0xFFFUL) == entry->ReadTag ? (byte*)(linear + entry->Addend) : null;
    }

    /// <summary>As <see cref="ReadableRun"/>, for stores.</summary>
    internal byte* WritableRun(ulong linear, out int available)
    {
        var entry = _tlb + Tlb.IndexOf(linear);
        available = 0x1000 - (int)(linear & 0xFFF);
        return (linear & ~0xFFFUL) == entry->WriteTag ? (byte*)(linear + entry->Addend) : null;
    }

    /// <summary>
    /// Stores many bytes at once to a page from which code has been decoded: all of it that they hit is dropped in one go. Not where
    /// one byte after the other could be told from that.
    /// </summary>
    /// <param name="linear">The first byte; all are in one page.</param>
    /// <param name="source">The bytes.</param>
    /// <returns>False if nothing has been done: it is no store to such a page, or it faults, or it may hit the instruction itself.</returns>
    internal bool TryStoreOverCode(ulong linear, ReadOnlySpan<byte> source)
    {
        if (!IsCanonical(linear) || CurrentMmuMode == MmuMode.UserAligned)
            return false;
        var probed = Probe(linear, AccessKind.Write, CurrentMmuMode);
        if (probed.IsFault || !_memory.Watch.Watches(probed.Address.Page) || !_memory.IsStorable(probed.Address, (ulong)source.Length)
            || IsWatched(linear & ~0xFFFUL))
            return false;
        var rip = LinearOf(R[17]);
        if (IsFetchedFrom(probed.Address.Page, rip) || IsFetchedFrom(probed.Address.Page, rip + 0xFFF))
            return false;
        // SAFETY: IsStorable has checked the range.
        if (source.Overlaps(new ReadOnlySpan<byte>(_memory.HostBase + probed.Address.Value, source.Length)))
            return false;
        return Translate(linear, AccessKind.Write, CurrentMmuMode, out var address) && WritePhysical(address, source);
    }

    private bool IsFetchedFrom(ulong page, ulong linear)
    {
        var translation = ProbeFetch(linear);
        return !translation.IsFault && translation.Address.Page == page;
    }

    /// <summary>The base that is added to offsets of a segment.</summary>
    internal ulong BaseOf(int segment) => Bases[segment];

    /// <summary>Whether a repeated string instruction makes a pause after some repetitions, so that the loop can look up.</summary>
    internal virtual bool PausesString(int repetitions)
    {
        const int slice = 4096;
        return repetitions >= slice || HasAttention;
    }

    /// <summary>The loop wants to look up, or only the present step is to be completed; long instructions make a pause at their next step.</summary>
    internal bool HasAttention => _settles || Demands != Attention.None;
}
