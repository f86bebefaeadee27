using Ringmaster.Cpu.Translator.Translation;

namespace Ringmaster.Cpu.Translator.Cache;

/// <summary>Guest code that was translated in one piece: some blocks of one page, entered at the first.</summary>
internal sealed class Region
{
    private bool _isValid = true;

    /// <summary>What it is found by.</summary>
    public required RegionKey Key { get; init; }

    /// <summary>It was made from 64-bit code.</summary>
    public required bool Is64Bit { get; init; }

    /// <summary>Where its code begins in the executable view.</summary>
    public required ulong Host { get; init; }

    /// <summary>Where it is entered.</summary>
    public required ulong Entry { get; init; }

    /// <summary>
    /// The page check that says whether its page is still mapped as it was (<see cref="CodeCache.CheckOf"/>); 0 if it has none.
    /// </summary>
    public required int Check { get; init; }

    /// <summary>
    /// Where it is entered by who knows only the linear address: looks at <see cref="Check"/> first. Where there is none, this is
    /// the same as <see cref="Entry"/>.
    /// </summary>
    public required ulong CheckedEntry { get; init; }

    /// <summary>Bytes of its code.</summary>
    public required int Length { get; init; }

    /// <summary>What its entry leads to once its source has changed.</summary>
    public required ulong StaleExit { get; init; }

    /// <summary>The number of its first exit.</summary>
    public required int FirstExit { get; init; }

    /// <summary>Where it leaves, by number from its first on.</summary>
    public required ArraySegment<ExitPoint> Exits { get; init; }

    /// <summary>Where the code of each guest instruction begins, in ascending order.</summary>
    public required ArraySegment<InstructionPlace> Instructions { get; init; }

    /// <summary>What it was made from.</summary>
    public required ArraySegment<SourceRun> Sources { get; init; }

    /// <summary>What is different in its code where the same guest code is mapped elsewhere; empty if it cannot be moved.</summary>
    public ArraySegment<Relocation> Relocations { get; init; } = ArraySegment<Relocation>.Empty;

    /// <summary>The regions that were made by moving this one; null if there are none.</summary>
    public List<Region>? Copies { get; set; }

    /// <summary>The page into which its last instruction crosses, if one does.</summary>
    public FollowingPage? Following { get; init; }

    /// <summary>False once its source has changed: its entry leads out then.</summary>
    public bool IsValid
    {
        get => Volatile.Read(ref _isValid);
        set => Volatile.Write(ref _isValid, value);
    }

    /// <summary>The address of the guest's that is some bytes from the region's.</summary>
    public ulong RipAt(long offset)
    {
        var linear = Key.Linear + (ulong)offset;
        return Is64Bit ? linear : (uint)linear;
    }

    /// <summary>The guest instruction that some host code belongs to.</summary>
    public InstructionPlace InstructionAt(ulong address)
    {
        var place = (int)(address - Host);
        var found = Instructions[0];
        foreach (var instruction in Instructions)
        {
            if (instruction.Place > place)
                break;
            found = instruction;
        }
        return found;
    }

    /// <summary>Whether any of its source is among some bytes of a page.</summary>
    public bool CameFrom(ulong page, int first, int end)
    {
        foreach (var run in Sources)
        {
            if (run.Page == page && run.First < end && first < run.End)
                return true;
        }
        return false;
    }
}
