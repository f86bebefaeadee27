using System.Runtime.CompilerServices;

namespace Ringmaster.Cpu.Interpreter.Decoding;

/// <summary>One entry of the cache that finds a block by its linear address.</summary>
internal unsafe struct JumpCacheEntry
{
    /// <summary>Entries of a cache, for blocks and once more for single instructions; a power of two.</summary>
    public const int Count = 4096;

    /// <summary>Linear address of the block's first byte.</summary>
    public ulong Linear;

    /// <summary>TLB generation, code size and privilege for which the entry holds.</summary>
    public ulong Context;

    /// <summary>The block.</summary>
    public Block* Block;

    /// <summary>Base and limit of the code segment for which the entry holds.</summary>
    public ulong Window;

    /// <summary>The number of the entry for a block.</summary>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static ulong IndexOf(ulong linear) => (linear ^ (linear >> 12)) & (Count - 1);
}
