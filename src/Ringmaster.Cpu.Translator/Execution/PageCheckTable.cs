namespace Ringmaster.Cpu.Translator.Execution;

/// <summary>
/// A vCPU's knowledge of which linear pages are mapped as branches between pages rely on: one word for each pair of linear and
/// guest-physical page, nonzero while the mapping is known to hold. Word 0 is always zero.
/// </summary>
/// <param name="area">The vCPU's area.</param>
internal sealed unsafe class PageCheckTable(byte* area)
{
    private readonly List<(int Number, bool IsGlobal)> _confirmed = [];

    /// <summary>The mapping has been found to hold.</summary>
    public void Confirm(int number, bool isGlobal)
    {
        if (*Word(number) != 0)
            return;
        *Word(number) = 1;
        _confirmed.Add((number, isGlobal));
    }

    /// <summary>Mappings may have changed.</summary>
    /// <param name="keepGlobal">But not those of global pages.</param>
    public void Flush(bool keepGlobal)
    {
        var kept = 0;
        for (var i = 0; i < _confirmed.Count; i++)
        {
            var check = _confirmed[i];
            if (keepGlobal && check.IsGlobal)
                _confirmed[kept++] = check;
            else
                *Word(check.Number) = 0;
        }
        _confirmed.RemoveRange(kept, _confirmed.Count - kept);
    }

    private uint* Word(int number) => (uint*)(area + Area.PageCheckTable) + number;
}
