namespace Ringmaster.Cpu.Translator.Translation;

/// <summary>A run of guest instructions entered at its start and left at its end.</summary>
internal sealed class GuestBlock
{
    /// <summary>Offset of its first byte in the page.</summary>
    public int Start { get; private set; }

    /// <summary>Number of its first instruction in the plan.</summary>
    public int First { get; private set; }

    /// <summary>Number of the instruction after its last.</summary>
    public int End { get; set; }

    /// <summary>The linear address at which it goes on without a branch, or null if it does not.</summary>
    public ulong? Next { get; set; }

    /// <summary>The linear address that its branch leads to, or null if it has none.</summary>
    public ulong? Taken { get; set; }

    /// <summary>Number of the block at <see cref="Next"/>, or -1 if that is outside of the region.</summary>
    public int NextBlock { get; set; }

    /// <summary>Number of the block at <see cref="Taken"/>, or -1.</summary>
    public int TakenBlock { get; set; }

    /// <summary>How the flags can be made again at its start.</summary>
    public FlagRecipe RecipeIn { get; private set; }

    /// <summary>Flags that are read before they are changed, from its start on.</summary>
    public Iced.Intel.RflagsBits LiveIn { get; set; }

    /// <summary>It pays to know at its start how the flags can be made again: memory is accessed before they are all new.</summary>
    public bool WantsRecipe { get; set; }

    /// <summary>It is part of a loop inside of the region.</summary>
    public bool IsInLoop { get; set; }

    /// <summary>Makes it a new block.</summary>
    /// <param name="start">See <see cref="Start"/>.</param>
    /// <param name="first">See <see cref="First"/>.</param>
    public void Begin(int start, int first)
    {
        (Start, First, End) = (start, first, 0);
        (Next, Taken, NextBlock, TakenBlock) = (null, null, -1, -1);
        (RecipeIn, LiveIn, WantsRecipe, IsInLoop) = (FlagRecipe.None, default, false, false);
    }

    /// <summary>Makes it the same guest code as another block, entered with flags that are made again in another way.</summary>
    public void BeginAs(GuestBlock other, in FlagRecipe recipe)
    {
        Begin(other.Start, other.First);
        (End, Next, Taken, LiveIn, WantsRecipe, RecipeIn) = (other.End, other.Next, other.Taken, other.LiveIn, other.WantsRecipe, recipe);
    }
}
