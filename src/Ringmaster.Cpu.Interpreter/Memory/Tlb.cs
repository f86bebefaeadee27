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

    public Tlb() => Flush();

    private const int MmuModes = 4;

    /// <summary>The table of a mode.</summary>
    public TlbEntry* this[MmuMode mode] => _entries + (int)mode * Entries;

    /// <summary>
    /// The entry for a linear address. Upper bits take part, so that places a multiple of the table's reach apart do not
    /// evict each other. Two neighbouring pages never share an entry, which the test for page crossings relies on: from one
    /// page to the next the sum grows by 1, or by 2 where the carry reaches the upper part.
    /// </summary>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static ulong IndexOf(ulong linear) => ((linear >> 12) + (linear >> 21)) & (Entries - 1);

    /// <summary>Forgets everything.</summary>
    public void Flush()
    {
        for (var i = 0; i < Entries * MmuModes; i++)
        {
            _entries[i].ReadTag = TlbEntry.Invalid;
            _entries[i].WriteTag = TlbEntry.Invalid;
        }
    }

    /// <summary>Forgets the translation of a linear address: every entry that came from the same guest page, large pages included.</summary>
    public void FlushPage(ulong linear)
    {
        for (var i = 0; i < Entries * MmuModes; i++)
        {
            ref var entry = ref _entries[i];
            var tag = entry.ReadTag != TlbEntry.Invalid ? entry.ReadTag : entry.WriteTag;
            if (tag == TlbEntry.Invalid || tag >> entry.PageShift != linear >> entry.PageShift)
                continue;
            entry.ReadTag = TlbEntry.Invalid;
            entry.WriteTag = TlbEntry.Invalid;
        }
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

    /// <inheritdoc/>
    public void Dispose()
    {
        if (_disposed)
            return;
        _disposed = true;
        NativeMemory.AlignedFree(_entries);
    }
}
