using Ringmaster.Cpu.Paging;

namespace Ringmaster.Cpu.Interpreter.Memory;

/// <summary>
/// A vCPU's TLB for instruction fetches, direct-mapped by page. Each entry holds for one context, as what is remembered of jumps does:
/// a flush changes the context and so forgets all entries at once.
/// </summary>
internal sealed class FetchTlb
{
    private const int Entries = 256;

    private readonly (ulong Page, ulong Context, PageTranslation Translation)[] _entries = new (ulong, ulong, PageTranslation)[Entries];

    public FetchTlb() => Array.Fill(_entries, (0, ulong.MaxValue, default));

    /// <summary>Finds the translation of a linear address.</summary>
    /// <param name="linear">The address.</param>
    /// <param name="context">TLB generation, code size and privilege.</param>
    /// <param name="translation">The translation.</param>
    public bool TryFind(ulong linear, ulong context, out PageTranslation translation)
    {
        ref readonly var entry = ref EntryOf(linear);
        var found = entry.Page == linear >> 12 && entry.Context == context;
        translation = found ? entry.Translation.WithOffsetOf(linear) : default;
        return found;
    }

    /// <summary>Takes a translation on.</summary>
    public void Add(ulong linear, ulong context, in PageTranslation translation) => EntryOf(linear) = (linear >> 12, context, translation);

    private ref (ulong Page, ulong Context, PageTranslation Translation) EntryOf(ulong linear) => ref _entries[linear >> 12 & (Entries - 1)];
}
