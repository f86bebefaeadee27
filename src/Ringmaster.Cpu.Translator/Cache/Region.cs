using Ringmaster.Cpu.Translator.Translation;

namespace Ringmaster.Cpu.Translator.Cache;

/// <summary>Guest code that was translated in one piece: some blocks of one page, entered at the first.</summary>
internal sealed class Region
{
    private bool _isValid = true;

    /// <summary>What it is found by.</summary>
    public required RegionKey Key { get; init; }

    /// <summary>What it has in common with its copies.</summary>
    public required RegionCode Code { get; init; }

    /// <summary>Where its code begins in the executable view.</summary>
    public required ulong Host { get; init; }

    /// <summary>
    /// The page check that says whether its page is still mapped as it was (<see cref="CodeCache.CheckOf"/>); 0 if it has none.
    /// </summary>
    public required int Check { get; init; }

    /// <summary>The page check of the page into which its last instruction crosses, if one does.</summary>
    public int FollowingCheck { get; init; }

    /// <summary>The number of its first exit.</summary>
    public required int FirstExit { get; init; }

    /// <summary>Where it is entered.</summary>
    public ulong Entry => Host + (ulong)Code.Entry;

    /// <summary>
    /// Where it is entered by who knows only the linear address: looks at <see cref="Check"/> first. Where there is none, this is
    /// the same as <see cref="Entry"/>.
    /// </summary>
    public ulong CheckedEntry => Host + (ulong)Code.CheckedEntry;

    /// <summary>What its entry leads to once its source has changed.</summary>
    public ulong StaleExit => Host + (ulong)Code.StaleExit;

    /// <summary>The page into which its last instruction crosses, if one does.</summary>
    public FollowingPage? Following => Code.Following is { } physical ? new FollowingPage(physical, FollowingCheck) : null;

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
        return Code.Is64Bit ? linear : (uint)linear;
    }

    /// <summary>The guest instruction that some host code belongs to.</summary>
    public InstructionPlace InstructionAt(ulong address) => Code.Notes.InstructionAt((int)(address - Host));

    /// <summary>Whether any of its source is among some bytes of a page.</summary>
    public bool CameFrom(ulong page, int first, int end)
    {
        foreach (var run in Code.Notes.SourcesFrom(Key.Physical >> 12))
        {
            if (run.Page == page && run.First < end && first < run.End)
                return true;
        }
        return false;
    }
}
