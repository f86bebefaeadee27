using Ringmaster.Cpu.Translator.Cache;

namespace Ringmaster.Cpu.Translator.Execution;

/// <summary>
/// A vCPU's caches from RIP to region, one for each context, direct-mapped. Generated code reads the host addresses in the area;
/// the runtime has the regions beside them.
/// </summary>
internal sealed unsafe class JumpCache
{
    private readonly byte* _area;
    private readonly ulong _empty;
    private readonly Region?[] _regions = new Region?[Area.Contexts * Area.JumpEntries];
    private readonly List<(int Number, bool IsGlobal)> _filled = [];

    /// <param name="area">The vCPU's area.</param>
    /// <param name="empty">What empty entries lead to.</param>
    public JumpCache(byte* area, ulong empty)
    {
        _area = area;
        _empty = empty;
        for (var i = 0; i < _regions.Length; i++)
            Clear(i);
    }

    /// <summary>The region at a linear address, if it is here.</summary>
    public Region? Find(int context, ulong linear)
    {
        var number = NumberOf(context, linear);
        return *Tag(number) == 0 - linear && _regions[number] is { IsValid: true } region ? region : null;
    }

    /// <summary>Remembers a region.</summary>
    public long Adds;
    public void Add(int context, ulong linear, Region region, bool isGlobal)
    {
        Adds++;
        var number = NumberOf(context, linear);
        *Host(number) = region.Entry;
        *Tag(number) = 0 - linear;
        _regions[number] = region;
        if (_filled.Count >= _regions.Length)
            Flush(keepGlobal: false);
        _filled.Add((number, isGlobal));
    }

    /// <summary>Forgets.</summary>
    /// <param name="keepGlobal">But not what lies in global pages.</param>
    public void Flush(bool keepGlobal)
    {
        var kept = 0;
        for (var i = 0; i < _filled.Count; i++)
        {
            var entry = _filled[i];
            if (keepGlobal && entry.IsGlobal)
                _filled[kept++] = entry;
            else
                Clear(entry.Number);
        }
        _filled.RemoveRange(kept, _filled.Count - kept);
    }

    private static int NumberOf(int context, ulong linear) => context * Area.JumpEntries + (int)(linear & (Area.JumpEntries - 1));

    private ulong* Tag(int number) => (ulong*)(_area + Area.JumpTags(number / Area.JumpEntries)) + number % Area.JumpEntries;

    private ulong* Host(int number) => (ulong*)(_area + Area.JumpHosts(number / Area.JumpEntries)) + number % Area.JumpEntries;

    private void Clear(int number)
    {
        *Tag(number) = 1;
        *Host(number) = _empty;
        _regions[number] = null;
    }
}
