namespace Ringmaster.Cpu.Interpreter.Decoding;

/// <summary>Blocks by their keys.</summary>
internal sealed unsafe class BlockTable
{
    private readonly ProbedTable<ulong, nint, Rules> _blocks = new(default);

    /// <summary>The block with a key, or null.</summary>
    public Block* Find(ulong key) => (Block*)_blocks.Find(key);

    /// <summary>Adds a block, in place of one with the same key.</summary>
    public void Put(Block* block) => _blocks.Put((nint)block);

    /// <summary>Takes a block out; another one with the same key stays.</summary>
    public void Remove(Block* block) => _blocks.Remove((nint)block);

    /// <summary>Takes out all.</summary>
    public void Clear() => _blocks.Clear();

    private readonly struct Rules : IProbedRules<ulong, nint>
    {
        public ulong KeyOf(nint value) => ((Block*)value)->Key;

        public ulong NumberOf(ulong key) => key;

        public bool AreSame(ulong one, ulong other) => one == other;
    }
}
