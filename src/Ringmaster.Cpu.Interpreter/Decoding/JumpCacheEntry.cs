namespace Ringmaster.Cpu.Interpreter.Decoding;

/// <summary>One entry of the cache that finds a block by its linear address.</summary>
internal unsafe struct JumpCacheEntry
{
    /// <summary>Linear address of the block's first byte.</summary>
    public ulong Linear;

    /// <summary>TLB generation, code size and privilege for which the entry holds.</summary>
    public ulong Context;

    /// <summary>The block.</summary>
    public Block* Block;

    /// <summary>Base and limit of the code segment for which the entry holds.</summary>
    public ulong Window;
}
