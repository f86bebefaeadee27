using System.Runtime.CompilerServices;
using System.Runtime.InteropServices;

namespace Ringmaster.Cpu.Interpreter.Memory;

/// <summary>
/// The software TLB: direct-mapped, one table for each <see cref="MmuMode"/>, outside the garbage-collected heap.
/// </summary>
internal sealed unsafe class Tlb : IDisposable
{
    /// <summary>Entries per table; a power of two.</summary>
    public const int Entries = 512;

    private readonly TlbEntry* _entries =
        (TlbEntry*)NativeMemory.AlignedAlloc((nuint)(sizeof(TlbEntry) * Entries * MmuModes), 64);

    private bool _disposed;

    // Numbers of entries that were filled since the last flush, and the large pages that some of them came from.
    private readonly List<int> _filled = [];
    private readonly PageSet _large = new();

    public Tlb()
    {
        for (var i = 0; i < Entries * MmuModes; i++)
            Invalidate(i);
    }

    private const int MmuModes = 4, SmallPage = 12, MostFilled = 4 * Entries * MmuModes;

    /// <summary>The table of a mode.</summary>
    public TlbEntry* this[MmuMode mode] => _entries + (int)mode * Entries;

    /// <summary>
    /// The entry for a linear address. Upper bits take part, so that places a multiple of the table's reach apart do not
    /// evict each other. Two neighbouring pages never share an entry, which the test for page crossings relies on: from one
    /// page to the next the sum grows by 1, or by 2 where the carry reaches the upper part.
    /// </summary>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static ulong IndexOf(ulong linear) => ((linear >> 12) + (linear >> 21)) & (Entries - 1);

    /// <summary>An entry of a mode is about to be filled from a page.</summary>
    public void Note(MmuMode mode, ulong linear, int pageShift)
    {
        if (pageShift != SmallPage)
            _large.Add(linear, pageShift);
        if (_filled.Count == MostFilled)
            Flush();
        _filled.Add((int)mode * Entries + (int)IndexOf(linear));
    }

    /// <summary>Forgets everything. It costs no more than filling did.</summary>
    public void Flush()
    {
        foreach (var number in _filled)
            Invalidate(number);
        _filled.Clear();
        _large.Clear();
    }

    /// <summary>Forgets the translation of a linear address: every entry that came from the same guest page, large pages included.</summary>
    public void FlushPage(ulong linear)
    {
        if (_large.Holds(linear))
        {
            Flush();
            return;
        }
        for (var mode = 0; mode < MmuModes; mode++)
        {
            var number = mode * Entries + (int)IndexOf(linear);
            var tag = _entries[number].ReadTag != TlbEntry.Invalid ? _entries[number].ReadTag : _entries[number].WriteTag;
            if (tag >> SmallPage == linear >> SmallPage)
                Invalidate(number);
        }
    }

    private void Invalidate(int number)
    {
        _entries[number].ReadTag = TlbEntry.Invalid;
        _entries[number].WriteTag = TlbEntry.Invalid;
    }

    /// <summary>Makes all stores to a host page take the slow path again.</summary>
    /// <param name="hostPage">Host address of the page's first byte.</param>
    public void ProtectHostPage(ulong hostPage)
    {
        for (var i = 0; i < Entries * MmuModes; i++)
        {
            ref var entry = ref _entries[i];
            if (entry.WriteTag != TlbEntry.Invalid && unchecked(entry.WriteTag + entry.Addend) == hostPage)
                entry.WriteTag = TlbEntry.Invalid;
        }
    }

    /// <summary>Makes all stores take the slow path again.</summary>
    public void ProtectAll()
    {
        foreach (var number in _filled)
            _entries[number].WriteTag = TlbEntry.Invalid;
    }

    /// <inheritdoc/>
    public void Dispose()
    {
        if (_disposed)
            return;
        _disposed = true;
        NativeMemory.AlignedFree(_entries);
    }
}
