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

    /// <summary>Operands that have turned out to go to ever new pages; null if none have.</summary>
    public IReadOnlySet<SlotKey>? Scattered { get; init; }

    /// <summary>The page behind this one; null if nothing is known of it.</summary>
    public FollowingPage? Following { get; init; }

    /// <summary>All instructions, block by block.</summary>
    public required List<GuestInstruction> Instructions { get; init; }

    /// <summary>The blocks; the first is where the region is entered.</summary>
    public required List<GuestBlock> Blocks { get; init; }

    /// <summary>Linear address of the page.</summary>
    public ulong Page => Key.Linear & ~0xFFFUL;

    /// <summary>The block at a linear address, or -1; while the plan is made, when there is but one.</summary>
    public int FindBlock(ulong? linear)
    {
        if (linear is not { } address || (address & ~0xFFFUL) != Page)
            return -1;
        var offset = (int)(address & 0xFFF);
        for (var i = 0; i < Blocks.Count; i++)
        {
            if (Blocks[i].Start == offset)
                return i;
        }
        return -1;
    }

    /// <summary>Whether a block's branch leads to its own last instruction or to a lower address.</summary>
    public bool IsBackward(GuestBlock block, ulong target) => target <= Page + (ulong)Instructions[block.End - 1].Offset;

    /// <summary>Completes the plan once all blocks are there.</summary>
    /// <param name="specializer">Makes copies of blocks.</param>
    public void Complete(BlockSpecializer specializer)
    {
        FindLiveFlags();
        FindWishes();
        specializer.Specialize(this);
        FindLoops();
    }

    /// <summary>Finds the blocks that are executed again and again: those that a branch backwards spans.</summary>
    private void FindLoops()
    {
        for (var i = 0; i < Blocks.Count; i++)
        {
            MarkLoop(Blocks[i].NextBlock, i);
            MarkLoop(Blocks[i].TakenBlock, i);
        }
    }

    private void MarkLoop(int first, int last)
    {
        for (var i = first; i >= 0 && i <= last; i++)
            Blocks[i].IsInLoop = true;
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

    /// <summary>Works out for which blocks it pays to know how the flags can be made again.</summary>
    private void FindWishes()
    {
        for (var changed = true; changed;)
        {
            changed = false;
            for (var i = Blocks.Count - 1; i >= 0; i--)
            {
                var block = Blocks[i];
                if (block.WantsRecipe || !PaysFrom(block, block.First))
                    continue;
                block.WantsRecipe = changed = true;
            }
        }
    }

    /// <summary>Whether memory is accessed from an instruction of a block on before the flags are all new.</summary>
    public bool PaysFrom(GuestBlock block, int number)
    {
        var instructions = CollectionsMarshal.AsSpan(Instructions);
        for (var i = number; i < block.End; i++)
        {
            if (instructions[i].Access is not null || instructions[i].SecondAccess is not null)
                return true;
            if (instructions[i].Changes != RflagsBits.None || instructions[i].Kind is InstructionKind.Interpret or InstructionKind.InPlace or InstructionKind.Call or InstructionKind.IndirectCall)
                return false;
        }
        return Wants(block.Next) || Wants(block.Taken);
    }

    private bool Wants(ulong? linear) => FindBlock(linear) is >= 0 and var number && Blocks[number].WantsRecipe;
}
