using System.Numerics;

namespace Ringmaster.Memory;

/// <summary>Some of a guest's pages: a bit for each page of each RAM range.</summary>
public sealed class DirtyPages
{
    private readonly RamRange[] _ranges;
    private readonly ulong[][] _words;

    /// <summary>Creates the set; no page is in it.</summary>
    public DirtyPages(GuestMemory memory)
    {
        ArgumentNullException.ThrowIfNull(memory);
        _ranges = [.. memory.Ranges];
        _words = Array.ConvertAll(_ranges, range => new ulong[(PagesOf(range) + 63) / 64]);
    }

    /// <summary>The RAM ranges, in ascending order.</summary>
    public IReadOnlyList<RamRange> Ranges => _ranges;

    /// <summary>How many pages are in the set.</summary>
    public long Count => _words.Sum(words => words.Sum(word => (long)BitOperations.PopCount(word)));

    /// <summary>The addresses of the pages that are in the set, in ascending order.</summary>
    public IEnumerable<GuestPhysicalAddress> Pages =>
        from range in Enumerable.Range(0, _ranges.Length)
        from word in Enumerable.Range(0, _words[range].Length)
        where _words[range][word] != 0
        from bit in Enumerable.Range(0, 64)
        where (_words[range][word] >> bit & 1) != 0
        select _ranges[range].Start + ((ulong)word * 64 + (ulong)bit) * GuestPhysicalAddress.PageSize;

    /// <summary>A range's bits: bit i % 64 of word i / 64 is that of page i.</summary>
    /// <param name="range">Its number in <see cref="Ranges"/>.</param>
    public Span<ulong> BitsOf(int range) => _words[range];

    /// <summary>Adds the page of an address, if it is RAM.</summary>
    public void Add(GuestPhysicalAddress address)
    {
        for (var i = 0; i < _ranges.Length; i++)
        {
            var offset = address.Value - _ranges[i].Start.Value;
            if (offset >= _ranges[i].Length)
                continue;
            var page = offset / GuestPhysicalAddress.PageSize;
            _words[i][page / 64] |= 1UL << (int)(page % 64);
            return;
        }
    }

    /// <summary>Takes all pages out.</summary>
    public void Clear() => Array.ForEach(_words, Array.Clear);

    private static ulong PagesOf(RamRange range) => range.Length / GuestPhysicalAddress.PageSize;
}
