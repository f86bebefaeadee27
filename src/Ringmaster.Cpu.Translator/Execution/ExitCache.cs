using Ringmaster.Cpu.Translator.Cache;

namespace Ringmaster.Cpu.Translator.Execution;

/// <summary>
/// The exits that a vCPU has used lately, unpacked. Looking one up in the code cache takes as long as carrying it out: it leads from one
/// object to the next, and none of them is likely to be in the processor's cache.
/// </summary>
/// <param name="cache">Where exits are looked up.</param>
internal sealed class ExitCache(CodeCache cache)
{
    private const int Entries = 4096;

    private readonly Entry[] _entries = new Entry[Entries];

    /// <summary>An exit, and the region that it is in.</summary>
    public ref readonly ExitPoint At(int number, out Region from)
    {
        ref var entry = ref _entries[number & (Entries - 1)];
        if (entry.From == null || entry.Number != number)
        {
            entry.Point = cache.ExitAt(number, out entry.From);
            entry.Number = number;
        }
        from = entry.From;
        return ref entry.Point;
    }

    /// <summary>Forgets all: numbers mean something else now.</summary>
    public void Clear() => Array.Clear(_entries);

    private struct Entry
    {
        public Region From;
        public ExitPoint Point;
        public int Number;
    }
}
