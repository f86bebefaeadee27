namespace Ringmaster.Cpu.Translator.Memory;

/// <summary>Guest-physical pages next to each other that hold no code which is watched; none by default.</summary>
/// <param name="First">The first page's number.</param>
/// <param name="End">The number behind the last one's.</param>
internal readonly record struct FreePages(ulong First, ulong End)
{
    /// <summary>Whether a page is among them.</summary>
    public bool Holds(ulong page) => page - First < End - First;

    /// <summary>Finds the pages around one.</summary>
    /// <param name="page">A page that is not watched.</param>
    /// <param name="holders">By page number, not zero where a page is watched.</param>
    /// <param name="reach">Most pages on either side of it that are looked at.</param>
    public static FreePages Around(ulong page, ReadOnlySpan<int> holders, int reach)
    {
        var number = (int)page;
        var (first, end) = (Math.Max(number - reach, 0), Math.Min(number + reach, holders.Length));
        var below = holders[first..number].LastIndexOfAnyExcept(0);
        var above = holders[number..end].IndexOfAnyExcept(0);
        return new FreePages((ulong)(first + below + 1), (ulong)(above < 0 ? end : number + above));
    }
}
