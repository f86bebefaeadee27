using System.Runtime.InteropServices;

namespace Ringmaster.Cpu.Translator.Translation;

/// <summary>
/// Makes a copy of a block for each way in which the flags can be made again at its start. A loop that is entered with other
/// flags than it is repeated with thus gets a first round of its own, and what follows may rely on the loop's own flags.
/// </summary>
/// <param name="pool">Where the copies come from.</param>
internal sealed class BlockSpecializer(GuestBlockPool pool)
{
    /// <summary>Most copies of a block that know about the flags; one that does not can always be added.</summary>
    private const int MostCopies = 2;

    /// <summary>Most guest instructions in all copies together.</summary>
    private const int MostInstructions = 400;

    // Used again for each plan.
    private readonly List<GuestBlock> _blocks = [], _sorted = [];
    private readonly List<int> _copies = [], _order = [], _place = [];
    private readonly Stack<int> _open = new();
    private RegionPlan _plan = null!;
    private int _instructions;

    /// <summary>Replaces a plan's blocks by those that are reached from the first, the copies next to those that lead to them.</summary>
    public void Specialize(RegionPlan plan)
    {
        _plan = plan;
        _instructions = 0;
        _blocks.Clear();
        _copies.Clear();
        for (var i = 0; i < plan.Blocks.Count * (MostCopies + 1); i++)
            _copies.Add(-1);
        Follow();
        plan.Blocks.Clear();
        plan.Blocks.AddRange(_sorted);
    }

    private void Follow()
    {
        Find(0, FlagRecipe.None);
        while (_open.TryPop(out var number))
        {
            var block = _blocks[number];
            var recipe = block.RecipeIn;
            for (var i = block.First; i < block.End; i++)
                recipe = _plan.Instructions[i].RecipeAfter(recipe);
            // What is called leaves flags of its own.
            if (_plan.Instructions[block.End - 1].Kind is InstructionKind.Call or InstructionKind.IndirectCall)
                recipe = FlagRecipe.None;
            block.TakenBlock = Find(block.Taken, recipe);
            // The one that goes on without a branch is looked at next.
            block.NextBlock = Find(block.Next, recipe);
        }
        InOrder();
    }

    private int Find(ulong? linear, in FlagRecipe recipe)
    {
        // What checks operands alone is good for once: the next round of a loop is for code that checks them together.
        var original = _plan.Key.IsUngrouped ? -1 : _plan.FindBlock(linear);
        return original < 0 ? -1 : Find(original, recipe);
    }

    private int Find(int original, FlagRecipe recipe)
    {
        var block = _plan.Blocks[original];
        if (!block.WantsRecipe)
            recipe = FlagRecipe.None;
        if (Known(original, recipe) is >= 0 and var known)
            return known;
        if (!HasRoom(original))
        {
            recipe = FlagRecipe.None;
            if (Known(original, recipe) is >= 0 and var general)
                return general;
        }
        var number = _blocks.Count;
        var copies = CollectionsMarshal.AsSpan(_copies).Slice(original * (MostCopies + 1), MostCopies + 1);
        copies[copies.IndexOf(-1)] = number;
        _blocks.Add(pool.Take(block, recipe));
        _instructions += block.End - block.First;
        _open.Push(number);
        return number;
    }

    /// <summary>The copy of a block that knows a recipe, or -1.</summary>
    private int Known(int original, in FlagRecipe recipe)
    {
        for (var i = 0; i <= MostCopies && _copies[original * (MostCopies + 1) + i] is >= 0 and var number; i++)
        {
            if (_blocks[number].RecipeIn == recipe)
                return number;
        }
        return -1;
    }

    private bool HasRoom(int original) => _copies[original * (MostCopies + 1) + MostCopies - 1] < 0 && _instructions < MostInstructions;

    /// <summary>Sorts the copies so that what follows without a branch stands behind, as far as that can be.</summary>
    private void InOrder()
    {
        _order.Clear();
        _place.Clear();
        for (var i = 0; i < _blocks.Count; i++)
            _place.Add(-1);
        _open.Push(0);
        while (_open.TryPop(out var number))
        {
            while (number >= 0 && _place[number] < 0)
            {
                _place[number] = _order.Count;
                _order.Add(number);
                var block = _blocks[number];
                if (block.TakenBlock >= 0)
                    _open.Push(block.TakenBlock);
                number = block.NextBlock;
            }
        }
        _sorted.Clear();
        foreach (var number in _order)
        {
            var block = _blocks[number];
            block.TakenBlock = block.TakenBlock < 0 ? -1 : _place[block.TakenBlock];
            block.NextBlock = block.NextBlock < 0 ? -1 : _place[block.NextBlock];
            _sorted.Add(block);
        }
    }
}
