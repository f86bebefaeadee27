namespace Ringmaster.Cpu.Translator.Translation;

/// <summary>
/// Makes a copy of a block for each way in which the flags can be made again at its start. A loop that is entered with other
/// flags than it is repeated with thus gets a first round of its own, and what follows may rely on the loop's own flags.
/// </summary>
internal sealed class BlockSpecializer
{
    /// <summary>Most copies of a block that know about the flags; one that does not can always be added.</summary>
    private const int MostCopies = 2;

    /// <summary>Most guest instructions in all copies together.</summary>
    private const int MostInstructions = 400;

    private readonly RegionPlan _plan;
    private readonly List<GuestBlock> _blocks = [];
    private readonly Dictionary<(int Original, FlagRecipe Recipe), int> _known = [];
    private readonly int[] _copies;
    private int _instructions;

    private BlockSpecializer(RegionPlan plan)
    {
        _plan = plan;
        _copies = new int[plan.Blocks.Count];
    }

    /// <summary>The blocks that are reached from the first, the copies next to those that lead to them.</summary>
    public static List<GuestBlock> Specialize(RegionPlan plan)
    {
        var specializer = new BlockSpecializer(plan);
        specializer.Follow();
        return specializer._blocks;
    }

    private void Follow()
    {
        var open = new Stack<int>();
        Find(0, FlagRecipe.None, open);
        while (open.TryPop(out var number))
        {
            var block = _blocks[number];
            var recipe = block.RecipeIn;
            for (var i = block.First; i < block.End; i++)
                recipe = _plan.Instructions[i].RecipeAfter(recipe);
            // What is called leaves flags of its own.
            if (_plan.Instructions[block.End - 1].Kind is InstructionKind.Call or InstructionKind.IndirectCall)
                recipe = FlagRecipe.None;
            block.TakenBlock = Find(block.Taken, recipe, open);
            // The one that goes on without a branch is looked at next.
            block.NextBlock = Find(block.Next, recipe, open);
        }
        InOrder();
    }

    private int Find(ulong? linear, FlagRecipe recipe, Stack<int> open)
    {
        var original = _plan.FindBlock(linear);
        return original < 0 ? -1 : Find(original, recipe, open);
    }

    private int Find(int original, FlagRecipe recipe, Stack<int> open)
    {
        var block = _plan.Blocks[original];
        if (!block.WantsRecipe || (!_known.ContainsKey((original, recipe)) && !HasRoom(original)))
            recipe = FlagRecipe.None;
        if (_known.TryGetValue((original, recipe), out var number))
            return number;
        number = _blocks.Count;
        _known.Add((original, recipe), number);
        _blocks.Add(block.With(recipe));
        _copies[original]++;
        _instructions += block.End - block.First;
        open.Push(number);
        return number;
    }

    private bool HasRoom(int original) => _copies[original] < MostCopies && _instructions < MostInstructions;

    /// <summary>Sorts the copies so that what follows without a branch stands behind, as far as that can be.</summary>
    private void InOrder()
    {
        var order = new List<int>();
        var placed = new bool[_blocks.Count];
        var open = new Stack<int>();
        open.Push(0);
        while (open.TryPop(out var number))
        {
            while (number >= 0 && !placed[number])
            {
                placed[number] = true;
                order.Add(number);
                var block = _blocks[number];
                if (block.TakenBlock >= 0)
                    open.Push(block.TakenBlock);
                number = block.NextBlock >= 0 ? block.NextBlock : -1;
            }
        }
        var place = new int[_blocks.Count];
        for (var i = 0; i < order.Count; i++)
            place[order[i]] = i;
        var sorted = order.ConvertAll(n => _blocks[n]);
        foreach (var block in sorted)
        {
            block.TakenBlock = block.TakenBlock < 0 ? -1 : place[block.TakenBlock];
            block.NextBlock = block.NextBlock < 0 ? -1 : place[block.NextBlock];
        }
        _blocks.Clear();
        _blocks.AddRange(sorted);
    }
}
