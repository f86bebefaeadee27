namespace Ringmaster.Cpu.Translator.Translation;

/// <summary>Blocks that are used again for each plan.</summary>
internal sealed class GuestBlockPool
{
    private readonly List<GuestBlock> _blocks = [];
    private int _used;

    /// <summary>A block with whatever it held before.</summary>
    public GuestBlock Take()
    {
        if (_used == _blocks.Count)
            _blocks.Add(new GuestBlock());
        return _blocks[_used++];
    }

    /// <summary>All blocks are free again.</summary>
    public void Reset() => _used = 0;
}
