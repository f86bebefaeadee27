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

    /// <summary>Number of the block at <see cref="Next"/>, or -1 if that is outside of the region.</summary>
    public int NextBlock { get; set; } = -1;

    /// <summary>Number of the block at <see cref="Taken"/>, or -1.</summary>
    public int TakenBlock { get; set; } = -1;

    /// <summary>How the flags can be made again at its start.</summary>
    public FlagRecipe RecipeIn { get; init; }

    /// <summary>Flags that are read before they are changed, from its start on.</summary>
    public Iced.Intel.RflagsBits LiveIn { get; set; }

    /// <summary>It pays to know at its start how the flags can be made again: memory is accessed before they are all new.</summary>
    public bool WantsRecipe { get; set; }

    /// <summary>The same guest code, entered with flags that are made again in another way.</summary>
    public GuestBlock With(FlagRecipe recipe) => new()
    {
        Start = Start,
        First = First,
        End = End,
        Next = Next,
        Taken = Taken,
        LiveIn = LiveIn,
        WantsRecipe = WantsRecipe,
        RecipeIn = recipe,
    };
}
