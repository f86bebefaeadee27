namespace Ringmaster.Cpu.Translator.Execution;

/// <summary>
/// A vCPU's knowledge of which linear pages are mapped as branches between pages rely on: one word for each pair of linear and
/// guest-physical page, nonzero while the mapping is known to hold. Word 0 is always zero.
/// </summary>
/// <param name="area">The vCPU's area.</param>
internal sealed unsafe class PageCheckTable(byte* area)
{
    private readonly List<int> _global = [], _other = [];

    /// <summary>The mapping has been found to hold.</summary>
    public void Confirm(int number, bool isGlobal)
    {
        if (*Word(number) != 0)
            return;
        *Word(number) = 1;
        (isGlobal ? _global : _other).Add(number);
    }

    /// <summary>Whether the mapping is known to hold.</summary>
    public bool Knows(int number) => *Word(number) != 0;

    /// <summary>Mappings may have changed.</summary>
    /// <param name="keepGlobal">But not those of global pages.</param>
    public void Flush(bool keepGlobal)
    {
        Flush(_other);
        if (!keepGlobal)
            Flush(_global);
    }

    private void Flush(List<int> confirmed)
    {
        foreach (var number in confirmed)
            *Word(number) = 0;
        confirmed.Clear();
    }

    private uint* Word(int number) => (uint*)(area + Area.PageCheckTable) + number;
}
