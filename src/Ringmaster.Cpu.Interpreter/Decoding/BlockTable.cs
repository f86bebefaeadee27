namespace Ringmaster.Cpu.Interpreter.Decoding;

/// <summary>Blocks by their keys: a hash table without chains, as most searches find nothing that is in the processor's caches.</summary>
internal sealed unsafe class BlockTable
{
    private const int LeastBits = 12;

    // A place without a block is empty. What does not find its own place free is in one of the next.
    private Place[] _places = new Place[1 << LeastBits];
    private int _bits = LeastBits, _count;

    /// <summary>The block with a key, or null.</summary>
    public Block* Find(ulong key)
    {
        for (var at = HomeOf(key); ; at = Next(at))
        {
            ref readonly var place = ref _places[at];
            if (place.Block == null || place.Key == key)
                return place.Block;
        }
    }

    /// <summary>Adds a block, in place of one with the same key.</summary>
    public void Put(Block* block)
    {
        if (_count >= _places.Length / 2)
            Grow();
        var at = HomeOf(block->Key);
        while (_places[at].Block != null && _places[at].Key != block->Key)
            at = Next(at);
        _count += _places[at].Block == null ? 1 : 0;
        _places[at] = new Place(block->Key, block);
    }

    /// <summary>Takes a block out; another one with the same key stays.</summary>
    public void Remove(Block* block)
    {
        var at = HomeOf(block->Key);
        while (_places[at].Key != block->Key)
        {
            if (_places[at].Block == null)
                return;
            at = Next(at);
        }
        if (_places[at].Block != block)
            return;
        _count--;
        // Those behind it that would not be found any more move up.
        for (var other = Next(at); _places[other].Block != null; other = Next(other))
        {
            var home = HomeOf(_places[other].Key);
            if ((other - home & _places.Length - 1) < (other - at & _places.Length - 1))
                continue;
            _places[at] = _places[other];
            at = other;
        }
        _places[at] = default;
    }

    /// <summary>Takes out all.</summary>
    public void Clear()
    {
        Array.Clear(_places);
        _count = 0;
    }

    private void Grow()
    {
        var old = _places;
        _places = new Place[1 << ++_bits];
        _count = 0;
        foreach (var place in old)
        {
            if (place.Block != null)
                Put(place.Block);
        }
    }

    // The golden ratio's bits spread keys that lie close together (Knuth, volume 3, section 6.4).
    private int HomeOf(ulong key) => (int)(key * 0x9E37_79B9_7F4A_7C15 >> 64 - _bits);

    private int Next(int at) => at + 1 & _places.Length - 1;

    private readonly struct Place(ulong key, Block* block)
    {
        public readonly ulong Key = key;
        public readonly Block* Block = block;
    }
}
