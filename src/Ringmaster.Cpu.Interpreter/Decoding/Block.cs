namespace Ringmaster.Cpu.Interpreter.Decoding;

/// <summary>
/// A run of decoded instructions, entered only at its start. The operations follow in the arena; the last one is a branch
/// or the synthetic end operation.
/// </summary>
internal unsafe struct Block
{
    /// <summary>What the cache finds it by; see <see cref="KeyOf"/>.</summary>
    public ulong Key;

    /// <summary>The first operation.</summary>
    public Op* Ops;

    /// <summary>Guest-physical page of the last byte, when an instruction crosses a page boundary; otherwise the first page.</summary>
    public ulong LastPage;

    /// <summary>Operations, the synthetic end included.</summary>
    public int Count;

    /// <summary>Bytes of code.</summary>
    public int Length;

    /// <summary>False once the block has been dropped: its operations are stand-ins then, and links to it are not followed.</summary>
    public bool IsValid;

    /// <summary>Guest-physical address of the first byte.</summary>
    public readonly ulong Address => Key >> 3;

    /// <summary>Executions that the loop has counted; for engines that do more with blocks that are executed often.</summary>
    public int Heat;

    /// <summary>The blocks that its last branch leads to, for engines that execute block by block; null if they are not known.</summary>
    public Block* Taken, NotTaken;

    /// <summary>The key of a block.</summary>
    /// <param name="address">Guest-physical address of the first byte.</param>
    /// <param name="codeSize">0: 16, 1: 32, 2: 64 bits.</param>
    /// <param name="single">The block holds one instruction, for stepping.</param>
    public static ulong KeyOf(ulong address, int codeSize, bool single) => (address << 3) | (single ? 4UL : 0) | (uint)codeSize;
}
