using Ringmaster.Cpu.Translator.Cache;

namespace Ringmaster.Cpu.Translator.Execution;

/// <summary>
/// A vCPU's caches from RIP to region, one for each context, direct-mapped. Generated code reads the host addresses in the area;
/// the runtime has the regions beside them.
/// </summary>
/// <remarks>
/// A region with a page check looks itself whether its page is still mapped as it was: it stays here when the guest changes to other
/// page tables, and is good again as soon as one branch into its page has found it where it was. Others are forgotten.
/// </remarks>
internal sealed unsafe class JumpCache
{
    private readonly byte* _area;
    private readonly ulong _empty;
    private readonly Region?[] _regions = new Region?[Area.Contexts * Area.JumpEntries];
    private readonly PageCheckTable _checks;
    private readonly List<int> _global = [], _other = [];

    /// <param name="area">The vCPU's area.</param>
    /// <param name="checks">The vCPU's page checks.</param>
    /// <param name="empty">What empty entries lead to.</param>
    public JumpCache(byte* area, PageCheckTable checks, ulong empty)
    {
        _area = area;
        _checks = checks;
        _empty = empty;
        Clear();
    }

    /// <summary>The region at a linear address, if it is here and known to be there still.</summary>
    public Region? Find(int context, ulong linear)
    {
        var number = NumberOf(context, linear);
        return *Tag(number) == 0 - linear && _regions[number] is { IsValid: true } region && (region.Check == 0 || _checks.Knows(region.Check)) ? region : null;
    }

    /// <summary>Remembers a region, whose page has just been found where it is to be.</summary>
    public void Add(int context, ulong linear, Region region, bool isGlobal)
    {
        var number = NumberOf(context, linear);
        if (region.Check != 0)
        {
            _checks.Confirm(region.Check, isGlobal);
        }
        else
        {
            var filled = isGlobal ? _global : _other;
            if (filled.Count >= _regions.Length)
                Flush(filled);
            filled.Add(number);
        }
        *Host(number) = region.CheckedEntry;
        *Tag(number) = 0 - linear;
        _regions[number] = region;
    }

    /// <summary>Forgets everything: host addresses mean something else now.</summary>
    public void Clear()
    {
        for (var i = 0; i < _regions.Length; i++)
            Clear(i);
        _global.Clear();
        _other.Clear();
    }

    /// <summary>Forgets regions without a page check.</summary>
    /// <param name="keepGlobal">But not what lies in global pages.</param>
    public void Flush(bool keepGlobal)
    {
        Flush(_other);
        if (!keepGlobal)
            Flush(_global);
    }

    private void Flush(List<int> filled)
    {
        // An entry that has been filled anew since is forgotten too, which does no harm.
        foreach (var number in filled)
            Clear(number);
        filled.Clear();
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
