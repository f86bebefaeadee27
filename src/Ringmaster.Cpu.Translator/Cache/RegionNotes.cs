using System.Buffers.Binary;

namespace Ringmaster.Cpu.Translator.Cache;

/// <summary>What is known of places in a region's code. There are millions of them, so they are packed.</summary>
/// <param name="bytes">One part after the other.</param>
/// <param name="exits">How many exits there are.</param>
/// <param name="places">Where the instructions' places begin.</param>
/// <param name="relocations">Where the relocations begin.</param>
/// <param name="sources">Where the sources begin.</param>
internal readonly struct RegionNotes(ArraySegment<byte> bytes, int exits, int places, int relocations, int sources)
{
    private readonly ArraySegment<byte> _bytes = bytes;
    private readonly int _places = places, _relocations = relocations, _sources = sources;

    /// <summary>How many exits there are.</summary>
    public int ExitCount { get; } = exits;

    /// <summary>Where it leaves, by number from its first on.</summary>
    public ExitNotes Exits => new(_bytes.AsSpan(0, GroupStarts));

    /// <summary>Where the code of each guest instruction begins, in ascending order.</summary>
    public PlaceNotes Places => new(_bytes.AsSpan(_places, _relocations - _places));

    /// <summary>What is different in its code where the same guest code is mapped elsewhere; none if it cannot be moved.</summary>
    public RelocationNotes Relocations => new(_bytes.AsSpan(_relocations, _sources - _relocations));

    /// <summary>It can be moved.</summary>
    public bool HasRelocations => _relocations != _sources;

    /// <summary>What it was made from.</summary>
    /// <param name="page">Number of the guest-physical page that it begins in.</param>
    public SourceNotes SourcesFrom(ulong page) => new(_bytes.AsSpan(_sources), page);

    // Behind the exits: where their groups begin, but for the first.
    private int GroupStarts => _places - Math.Max(0, (ExitCount - 1) / ExitNotes.GroupSize) * sizeof(int);

    /// <summary>An exit by its number.</summary>
    public ExitPoint ExitAt(int number)
    {
        var (group, left) = Math.DivRem(number, ExitNotes.GroupSize);
        var starts = GroupStarts;
        var start = group == 0 ? 0 : BinaryPrimitives.ReadInt32LittleEndian(_bytes.AsSpan(starts + (group - 1) * sizeof(int)));
        var exits = new ExitNotes(_bytes.AsSpan(start, starts - start));
        do
        {
            exits.MoveNext();
        }
        while (--left >= 0);
        return exits.Current;
    }

    /// <summary>The last instruction whose code begins at a place or before it.</summary>
    public InstructionPlace InstructionAt(int place)
    {
        InstructionPlace found = default;
        foreach (var instruction in Places)
        {
            if (instruction.Place > place)
                break;
            found = instruction;
        }
        return found;
    }
}
