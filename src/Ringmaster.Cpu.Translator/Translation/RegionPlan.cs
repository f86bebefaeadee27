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

    /// <summary>The block that begins at a linear address, or -1.</summary>
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

    /// <summary>Works out which flags are read after each instruction. Where the region is left, all are.</summary>
    public void FindLiveFlags()
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
        var live = RflagsBits.None;
        if (block.Next is not null || block.Taken is null)
            live |= LiveAt(block.Next);
        // A branch backwards looks whether the run loop is wanted, which then sees all flags.
        if (block.Taken is { } taken)
            live |= IsBackward(block, taken) ? StatusFlags.All : LiveAt(taken);
        var instructions = System.Runtime.InteropServices.CollectionsMarshal.AsSpan(Instructions);
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
}
