namespace Ringmaster.Cpu.Translator.Translation;

/// <summary>Blocks that are used again for each plan.</summary>
internal sealed class GuestBlockPool
{
    private readonly List<GuestBlock> _blocks = [];
    private int _used;

    /// <summary>A new block; see <see cref="GuestBlock.Begin"/>.</summary>
    public GuestBlock Take(int start, int first)
    {
        var block = Take();
        block.Begin(start, first);
        return block;
    }

    /// <summary>A copy; see <see cref="GuestBlock.BeginAs"/>.</summary>
    public GuestBlock Take(GuestBlock other, in FlagRecipe recipe)
    {
        var block = Take();
        block.BeginAs(other, recipe);
        return block;
    }

    /// <summary>All blocks are free again.</summary>
    public void Reset() => _used = 0;

    private GuestBlock Take()
    {
        if (_used == _blocks.Count)
            _blocks.Add(new GuestBlock());
        return _blocks[_used++];
    }
}
