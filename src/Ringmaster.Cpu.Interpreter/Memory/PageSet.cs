namespace Ringmaster.Cpu.Interpreter.Memory;

/// <summary>Linear pages of all sizes that something has come from: tells whether forgetting a page concerns it.</summary>
internal sealed class PageSet
{
    private readonly HashSet<(int Shift, ulong Page)> _pages = [];

    /// <summary>Adds the page that holds an address.</summary>
    /// <param name="linear">The address.</param>
    /// <param name="pageShift">log2 of the page's size.</param>
    public void Add(ulong linear, int pageShift) => _pages.Add((pageShift, linear >> pageShift));

    /// <summary>Whether a page of the set, large ones included, holds an address.</summary>
    public bool Holds(ulong linear)
    {
        if (_pages.Count == 0)
            return false;
        foreach (var shift in (ReadOnlySpan<int>)[12, 21, 22, 30])
        {
            if (_pages.Contains((shift, linear >> shift)))
                return true;
        }
        return false;
    }

    /// <summary>Takes all pages out.</summary>
    public void Clear() => _pages.Clear();
}
