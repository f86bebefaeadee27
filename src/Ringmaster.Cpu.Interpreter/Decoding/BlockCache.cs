using System.Runtime.InteropServices;
using Ringmaster.Cpu.Interpreter.Execution;
using Ringmaster.Cpu.Interpreter.Instructions.Chained;
using Ringmaster.Cpu.Interpreter.Memory;
using Ringmaster.Memory;

namespace Ringmaster.Cpu.Interpreter.Decoding;

/// <summary>
/// Decoded blocks by guest-physical address and code size. A block lives until a byte of its code is written, or until the
/// arena is full and everything is dropped.
/// </summary>
/// <remarks>
/// A dropped block's operations are overwritten with <see cref="Stale"/>, so whoever still stands in it, or holds a link to
/// it, leaves it at the next operation with RIP right. Its memory is reused only by <see cref="Clear"/>, which the loop
/// calls between blocks.
/// </remarks>
internal sealed unsafe class BlockCache : IDisposable
{
    /// <summary>Operations, of 64 bytes each, that the arena holds.</summary>
    private const int MostOps = 384 * 1024;

    private const int OpsPerBlock = 4;

    private readonly GuestMemory _memory;
    private readonly CodeWatcher _watcher;
    private readonly BlockDecoder _decoder;
    private readonly BlockTable _byKey = new();
    private readonly Dictionary<ulong, CodePage> _pages = [];
    private readonly List<nint> _removed = [];
    private readonly Op* _ops;
    private readonly Block* _blocks;
    private readonly JumpCacheEntry* _jumps = (JumpCacheEntry*)NativeMemory.AlignedAlloc((nuint)(sizeof(JumpCacheEntry) * JumpCacheEntry.Count * 2), 64);
    private int _usedOps;
    private int _usedBlocks;
    private bool _disposed;

    /// <param name="memory">The guest's memory.</param>
    /// <param name="watcher">How the vCPU hears of stores to code.</param>
    /// <param name="decoder">Decodes.</param>
    public BlockCache(GuestMemory memory, CodeWatcher watcher, BlockDecoder decoder)
    {
        _ops = (Op*)NativeMemory.AlignedAlloc((nuint)(sizeof(Op) * MostOps), 64);
        _blocks = (Block*)NativeMemory.AlignedAlloc((nuint)(sizeof(Block) * MostOps / OpsPerBlock), 64);
        _memory = memory;
        _watcher = watcher;
        _decoder = decoder;
        Clear();
    }

    /// <summary>How often everything was dropped: a pointer to a block or an operation is good only within one epoch.</summary>
    public int Epoch { get; private set; }

    /// <summary>Blocks that were decoded since creation.</summary>
    public long Decoded { get; private set; }

    /// <summary>The arena has no room for another block of the largest size; <see cref="Clear"/> before adding.</summary>
    public bool IsFull => _usedOps + BlockDecoder.MaxOps > MostOps || _usedBlocks == MostOps / OpsPerBlock;

    /// <summary>What <see cref="FindJump"/> searches.</summary>
    public JumpCacheEntry* Jumps => _jumps;

    /// <summary>Finds a block by linear address, if it was found there before and nothing has been flushed since.</summary>
    public Block* FindJump(ulong linear, ulong context, ulong window, bool single)
    {
        var entry = JumpEntryOf(linear, single);
        return entry->Linear == linear && entry->Context == context && entry->Window == window && entry->Block->IsValid ? entry->Block : null;
    }

    /// <summary>Remembers a block for <see cref="FindJump"/>.</summary>
    public void RememberJump(ulong linear, ulong context, ulong window, bool single, Block* block)
    {
        var entry = JumpEntryOf(linear, single);
        entry->Linear = linear;
        entry->Context = context;
        entry->Window = window;
        entry->Block = block;
    }

    /// <summary>Finds a block by guest-physical address.</summary>
    public Block* Find(GuestPhysicalAddress address, int codeSize, bool single) =>
        _byKey.Find(Block.KeyOf(address.Value, codeSize, single));

    /// <summary>As <see cref="Find(GuestPhysicalAddress, int, bool)"/>, for code at a linear address, where it has mostly been before.</summary>
    public Block* Find(ulong linear, GuestPhysicalAddress address, int codeSize, bool single)
    {
        var before = JumpEntryOf(linear, single)->Block;
        return before->IsValid && before->Key == Block.KeyOf(address.Value, codeSize, single) ? before : Find(address, codeSize, single);
    }

    /// <summary>The block that an operation belongs to.</summary>
    public Block* BlockOf(Op* op)
    {
        // Both arenas are filled in order.
        var (low, high) = (0, _usedBlocks - 1);
        while (low < high)
        {
            var middle = (low + high + 1) / 2;
            if (_blocks[middle].Ops <= op)
                low = middle;
            else
                high = middle - 1;
        }
        return _blocks + low;
    }

    /// <summary>Decodes the block at an address and adds it.</summary>
    /// <param name="address">Guest-physical address of the first byte; in RAM.</param>
    /// <param name="nextPage">Guest-physical page that continues the linear page, or null if that is not mapped or not RAM.</param>
    /// <param name="codeSize">0, 1 or 2.</param>
    /// <param name="maxLength">Bytes up to the code segment's limit.</param>
    /// <param name="single">Only the first instruction.</param>
    public Block* Decode(GuestPhysicalAddress address, ulong? nextPage, int codeSize, ulong maxLength, bool single)
    {
        var block = _blocks + _usedBlocks;
        block->Key = Block.KeyOf(address.Value, codeSize, single);
        block->Heat = 0;
        block->Taken = block->NotTaken = null;
        block->Ops = _ops + _usedOps;
        // Watched first and read then: whoever writes meanwhile is either read, or reports.
        BeginReading(address.Page);
        // Only a block's first instruction may cross into the next page.
        var crossed = address.PageOffset + BlockDecoder.MaxInstructionLength > GuestPhysicalAddress.PageSize ? nextPage : null;
        if (crossed is { } next)
            BeginReading(next);
        Interlocked.MemoryBarrier();
        _decoder.Decode(block, _memory, nextPage, codeSize, maxLength, single ? 1 : BlockDecoder.MaxInstructions);
        Decoded++;
        _usedBlocks++;
        _usedOps += block->Count;
        // Where a page continues in itself, a block's bytes are no run of addresses; it is used once.
        var wraps = block->LastPage == address.Page && address.PageOffset + block->Length > GuestPhysicalAddress.PageSize;
        block->IsValid = block->Length != 0 && !wraps;
        if (block->IsValid)
        {
            _byKey.Put(block);
            Cover(block, address.Page);
            if (block->LastPage != address.Page)
                Cover(block, block->LastPage);
        }
        EndReading(address.Page);
        if (crossed is { } other)
            EndReading(other);
        return block;
    }

    /// <summary>A store has changed RAM in a page that holds code: drops the blocks it touched.</summary>
    public void Written(GuestPhysicalAddress address, int length)
    {
        if (!_pages.TryGetValue(address.Page, out var page))
            return;
        page.TakeOverlapping(address.Page, address.PageOffset, Math.Min(address.PageOffset + length - 1, 0xFFF), _removed);
        foreach (var removed in _removed)
            Drop((Block*)removed, address.Page);
        _removed.Clear();
        Unwatch(address.Page);
    }

    /// <summary>Drops everything and reuses the arena. Only between blocks.</summary>
    public void Clear()
    {
        foreach (var (page, code) in _pages)
        {
            // A page whose code is likely to be decoded again stays watched: beginning to watch it takes longer.
            if (code.Clear())
                continue;
            _pages.Remove(page);
            _memory.Watch.Release(page);
        }
        _byKey.Clear();
        _usedOps = 0;
        _usedBlocks = 0;
        _blocks->IsValid = false;
        Epoch++;
        for (var i = 0; i < JumpCacheEntry.Count * 2; i++)
            _jumps[i] = new JumpCacheEntry { Context = ulong.MaxValue, Block = _blocks };
    }

    /// <inheritdoc/>
    public void Dispose()
    {
        if (_disposed)
            return;
        _disposed = true;
        NativeMemory.AlignedFree(_ops);
        NativeMemory.AlignedFree(_blocks);
        NativeMemory.AlignedFree(_jumps);
    }

    private JumpCacheEntry* JumpEntryOf(ulong linear, bool single) =>
        _jumps + JumpCacheEntry.IndexOf(linear) + (single ? JumpCacheEntry.Count : 0);

    /// <summary>Stands in for every operation of a dropped block.</summary>
    private static Status Stale(Vcpu cpu, Op* op)
    {
        cpu.Rip = cpu.RipOf(op);
        // It will be counted, but is not executed.
        cpu.Executed--;
        return Status.Branch;
    }

    private void Cover(Block* block, ulong page)
    {
        var (first, last) = CodePage.Extent(block, page);
        _pages[page].Add(block, (int)(first & 0xFFF), (int)(last & 0xFFF));
    }

    private void BeginReading(ulong page)
    {
        ref var read = ref CollectionsMarshal.GetValueRefOrAddDefault(_pages, page, out var isWatched);
        read ??= new CodePage();
        read.Readers++;
        if (!isWatched)
            _memory.Watch.Acquire(_watcher, page);
    }

    private void EndReading(ulong page)
    {
        _pages[page].Readers--;
        Unwatch(page);
    }

    /// <summary>Stops watching a page that no block covers any more.</summary>
    private void Unwatch(ulong page)
    {
        if (!_pages.TryGetValue(page, out var covered) || !covered.IsUnused)
            return;
        _pages.Remove(page);
        _memory.Watch.Release(page);
    }

    private void Drop(Block* block, ulong writtenPage)
    {
        _byKey.Remove(block);
        var firstPage = block->Address >> 12;
        var otherPage = firstPage == writtenPage ? block->LastPage : firstPage;
        if (otherPage != writtenPage && _pages.TryGetValue(otherPage, out var other))
            other.Remove(block);
        block->IsValid = false;
        for (var i = 0; i < block->Count; i++)
        {
            var op = block->Ops + i;
            op->Execute = &Stale;
            op->Run = &Chain.Plain;
            op->Flags |= OpFlags.Dropped;
            // A stand-in does not go where the branch went.
            op->Taken = op->NotTaken = null;
        }
    }
}
