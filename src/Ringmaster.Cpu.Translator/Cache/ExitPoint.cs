namespace Ringmaster.Cpu.Translator.Cache;

/// <summary>A place where generated code leaves.</summary>
/// <param name="Kind">Why.</param>
/// <param name="Offset">Where the guest goes on, in bytes from the region's linear address.</param>
internal readonly record struct ExitPoint(ExitKind Kind, long Offset)
{
    /// <summary>The instruction that is left to the interpreter, if it is that.</summary>
    public Iced.Intel.Code Code { get; init; }

    /// <summary>
    /// Where generated code goes on behind an instruction that crosses into the next page, as <see cref="Offset"/>; 0 if it does not cross.
    /// </summary>
    public int Next { get; init; }

    /// <summary>The page into which the instruction crosses is not known to be mapped as it was.</summary>
    public bool ChecksFollowing { get; init; }

    /// <summary>Instructions that have been counted ahead and not been executed.</summary>
    public int Uncounted { get; init; }

    /// <summary>The instruction at <see cref="Offset"/> is among those that have been counted ahead.</summary>
    public bool CountsItself { get; init; }

    /// <summary>Where the displacement of the jump is that a link changes, in bytes from the region's first; -1 if there is none.</summary>
    public int LinkPlace { get; init; } = -1;

    /// <summary>
    /// Where the place of the page check is that a link into another page changes, shortly before <see cref="LinkPlace"/>, which is to be
    /// set first; -1 if there is none.
    /// </summary>
    public int CheckPlace { get; init; } = -1;
}
