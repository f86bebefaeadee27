namespace Ringmaster.Cpu.Interpreter.Memory;

/// <summary>Linear pages of all sizes that something has come from: tells whether forgetting a page concerns it.</summary>
internal sealed class PageSet
{
    private const int ShiftBits = 6;

    // A page's number and the logarithm of its size in one word. Guests ask so often that hashing more would be felt.
    private readonly HashSet<ulong> _pages = [];

    // One bit for each logarithm of which there are pages.
    private ulong _shifts;

    /// <summary>Adds the page that holds an address.</summary>
    /// <param name="linear">The address.</param>
    /// <param name="pageShift">log2 of the page's size.</param>
    public void Add(ulong linear, int pageShift)
    {
        _pages.Add(KeyOf(linear, pageShift));
        _shifts |= 1UL << pageShift;
    }

    /// <summary>Whether a page of the set, large ones included, holds an address.</summary>
    public bool Holds(ulong linear)
    {
        for (var shifts = _shifts; shifts != 0; shifts &= shifts - 1)
        {
            if (_pages.Contains(KeyOf(linear, System.Numerics.BitOperations.TrailingZeroCount(shifts))))
                return true;
        }
        return false;
    }

    /// <summary>Takes all pages out.</summary>
    public void Clear()
    {
        _pages.Clear();
        _shifts = 0;
    }

    private static ulong KeyOf(ulong linear, int pageShift) => linear >> pageShift << ShiftBits | (uint)pageShift;
}
