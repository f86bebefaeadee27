namespace Ringmaster.Cpu.Translator.Translation;

/// <summary>A run of guest instructions entered at its start and left at its end.</summary>
internal sealed class GuestBlock
{
    /// <summary>Offset of its first byte in the page.</summary>
    public required int Start { get; init; }

    /// <summary>Number of its first instruction in the plan.</summary>
    public required int First { get; init; }

    /// <summary>Number of the instruction after its last.</summary>
    public int End { get; set; }

    /// <summary>The linear address at which it goes on without a branch, or null if it does not.</summary>
    public ulong? Next { get; set; }

    /// <summary>The linear address that its branch leads to, or null if it has none.</summary>
    public ulong? Taken { get; set; }

    /// <summary>It is a copy of another block through which the region is entered, and only so.</summary>
    public bool IsEntryCopy { get; init; }

    /// <summary>It is where a call returns to.</summary>
    public bool IsReturnPoint { get; set; }

    /// <summary>How the flags can be made again at its start.</summary>
    public FlagRecipe RecipeIn { get; set; }

    /// <summary>Flags that are read before they are changed, from its start on.</summary>
    public Iced.Intel.RflagsBits LiveIn { get; set; }
}
