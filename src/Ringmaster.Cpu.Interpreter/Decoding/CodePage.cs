namespace Ringmaster.Cpu.Interpreter.Decoding;

/// <summary>The blocks that have bytes in one guest-physical page, and which 64-byte granules of it they cover.</summary>
internal sealed unsafe class CodePage
{
    private readonly List<nint> _blocks = [];
    private ulong _granules;

    /// <summary>A block is being decoded from it. What others ask for meanwhile must not end the watch over it.</summary>
    public int Readers { get; set; }

    /// <summary>Neither a block nor anything that reads from it is left.</summary>
    public bool IsUnused => _blocks.Count == 0 && Readers == 0;

    /// <summary>Adds a block that covers the page's bytes from <paramref name="first"/> to <paramref name="last"/>.</summary>
    public void Add(Block* block, int first, int last)
    {
        _blocks.Add((nint)block);
        _granules |= GranulesOf(first, last);
    }

    /// <summary>Takes out the blocks that overlap some bytes of the page.</summary>
    /// <param name="page">The page's number.</param>
    /// <param name="first">Offset of the first byte.</param>
    /// <param name="last">Offset of the last byte.</param>
    /// <param name="removed">Receives the blocks.</param>
    public void TakeOverlapping(ulong page, int first, int last, List<nint> removed)
    {
        if ((_granules & GranulesOf(first, last)) == 0)
            return;
        var start = (page << 12) + (ulong)first;
        var end = (page << 12) + (ulong)last;
        _granules = 0;
        for (var i = _blocks.Count - 1; i >= 0; i--)
        {
            var block = (Block*)_blocks[i];
            var (blockFirst, blockLast) = Extent(block, page);
            if (blockFirst <= end && start <= blockLast)
            {
                removed.Add(_blocks[i]);
                _blocks.RemoveAt(i);
            }
            else
            {
                _granules |= GranulesOf((int)(blockFirst & 0xFFF), (int)(blockLast & 0xFFF));
            }
        }
    }

    /// <summary>Takes out all blocks.</summary>
    /// <returns>Whether there were any.</returns>
    public bool Clear()
    {
        var had = _blocks.Count != 0;
        _blocks.Clear();
        _granules = 0;
        return had;
    }

    /// <summary>Takes out one block.</summary>
    public void Remove(Block* block) => _blocks.Remove((nint)block);

    /// <summary>The guest-physical addresses of a block's first and last byte in a page.</summary>
    public static (ulong First, ulong Last) Extent(Block* block, ulong page)
    {
        var inFirst = Math.Min(block->Length, 0x1000 - (int)(block->Address & 0xFFF));
        return block->Address >> 12 == page
            ? (block->Address, block->Address + (ulong)inFirst - 1)
            : (block->LastPage << 12, (block->LastPage << 12) + (ulong)(block->Length - inFirst) - 1);
    }

    private static ulong GranulesOf(int first, int last) => (ulong.MaxValue << (first >> 6)) & (ulong.MaxValue >> (63 - (last >> 6)));
}
