using System.Runtime.InteropServices;
using Iced.Intel;
using Ringmaster.Cpu.Translator.Cache;

namespace Ringmaster.Cpu.Translator.Translation;

/// <summary>
/// What a region will consist of: the guest's blocks in the order in which their code will stand, and in them which flags are
/// needed where.
/// </summary>
internal sealed class RegionPlan
{
    /// <summary>What the region will be found by.</summary>
    public required RegionKey Key { get; init; }

    /// <summary>The state that it takes as given.</summary>
    public required TranslationContext Context { get; init; }

    /// <summary>All instructions, block by block.</summary>
    public List<GuestInstruction> Instructions { get; } = [];

    /// <summary>The blocks; the first is where the region is entered.</summary>
    public List<GuestBlock> Blocks { get; } = [];

    /// <summary>Linear address of the page.</summary>
    public ulong Page => Key.Linear & ~0xFFFUL;

    /// <summary>The block inside the region that a branch to a linear address leads to, or -1.</summary>
    public int FindBlock(ulong? linear)
    {
        if (linear is not { } address || (address & ~0xFFFUL) != Page)
            return -1;
        var offset = (int)(address & 0xFFF);
        for (var i = 0; i < Blocks.Count; i++)
        {
            if (Blocks[i].Start == offset && !Blocks[i].IsEntryCopy)
                return i;
        }
        return -1;
    }

    /// <summary>Whether a block's branch leads to its own last instruction or to a lower address.</summary>
    public bool IsBackward(GuestBlock block, ulong target) => target <= Page + (ulong)Instructions[block.End - 1].Offset;

    /// <summary>Completes the plan once all blocks are there.</summary>
    public void Complete()
    {
        SeparateEntry();
        FindLiveFlags();
        FindRecipes();
    }

    /// <summary>
    /// If branches lead back to the first block, it is entered through a copy of its own: what holds on every way back then
    /// holds at its start.
    /// </summary>
    private void SeparateEntry()
    {
        var first = Blocks[0];
        var start = Page + (ulong)first.Start;
        if (!Blocks.Exists(b => b.Taken == start || b.Next == start))
            return;
        Blocks.Insert(0, new GuestBlock
        {
            Start = first.Start,
            First = first.First,
            End = first.End,
            Next = first.Next,
            Taken = first.Taken,
            IsEntryCopy = true,
        });
    }

    /// <summary>Works out which flags are read after each instruction. Where the region is left, all are.</summary>
    private void FindLiveFlags()
    {
        for (var changed = true; changed;)
        {
            changed = false;
            for (var i = Blocks.Count - 1; i >= 0; i--)
                changed |= FindLiveFlags(Blocks[i]);
        }
    }

    private bool FindLiveFlags(GuestBlock block)
    {
        var instructions = CollectionsMarshal.AsSpan(Instructions);
        // What is called may look at all flags.
        var live = instructions[block.End - 1].Kind is InstructionKind.Call or InstructionKind.IndirectCall ? StatusFlags.All : RflagsBits.None;
        if (block.Next is not null || block.Taken is null)
            live |= LiveAt(block.Next);
        // A branch backwards looks whether the run loop is wanted, which then sees all flags.
        if (block.Taken is { } taken)
            live |= IsBackward(block, taken) ? StatusFlags.All : LiveAt(taken);
        for (var i = block.End - 1; i >= block.First; i--)
        {
            ref var instruction = ref instructions[i];
            instruction.LiveAfter = live;
            // Whoever leaves the region for an instruction shows all flags to it.
            live = instruction.Kind == InstructionKind.Interpret ? StatusFlags.All : instruction.LiveBefore;
        }
        if (block.LiveIn == live)
            return false;
        block.LiveIn = live;
        return true;
    }

    private RflagsBits LiveAt(ulong? linear)
    {
        var block = FindBlock(linear);
        return block < 0 ? StatusFlags.All : Blocks[block].LiveIn;
    }

    /// <summary>Works out by which recipe the flags can be made again at each block's start: the one that holds on every way there.</summary>
    private void FindRecipes()
    {
        var known = new bool[Blocks.Count];
        known[0] = true;
        for (var changed = true; changed;)
        {
            changed = false;
            for (var i = 0; i < Blocks.Count; i++)
            {
                if (!known[i])
                    continue;
                var block = Blocks[i];
                var recipe = block.RecipeIn;
                for (var k = block.First; k < block.End; k++)
                    recipe = Instructions[k].RecipeAfter(recipe);
                var isCall = Instructions[block.End - 1].Kind is InstructionKind.Call or InstructionKind.IndirectCall;
                changed |= Meet(known, block.Taken, isCall ? FlagRecipe.None : recipe);
                changed |= Meet(known, block.Next, isCall ? FlagRecipe.None : recipe);
            }
        }
    }

    private bool Meet(bool[] known, ulong? target, FlagRecipe recipe)
    {
        var number = FindBlock(target);
        if (number < 0)
            return false;
        var block = Blocks[number];
        if (!known[number])
        {
            // The first block has no recipe: it is entered from anywhere.
            known[number] = true;
            block.RecipeIn = recipe;
            return true;
        }
        if (!block.RecipeIn.Exists || block.RecipeIn == recipe)
            return false;
        block.RecipeIn = FlagRecipe.None;
        return true;
    }
}
