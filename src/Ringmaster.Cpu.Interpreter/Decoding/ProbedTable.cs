namespace Ringmaster.Cpu.Interpreter.Decoding;

/// <summary>
/// Finds values by the keys that are in them: a hash table without chains. Most searches find nothing, and end at a hash; a table with the
/// keys beside the values would take as much again.
/// </summary>
/// <typeparam name="TKey">What values are found by.</typeparam>
/// <typeparam name="TValue">A value whose default is none.</typeparam>
/// <typeparam name="TRules">What the table needs to know of both.</typeparam>
/// <param name="rules">That.</param>
internal sealed class ProbedTable<TKey, TValue, TRules>(TRules rules) where TRules : struct, IProbedRules<TKey, TValue>
{
    private const int LeastBits = 12;

    // Hashes are never 0; 0 is an empty place. What does not find its own place free is in one of the next.
    private uint[] _hashes = new uint[1 << LeastBits];
    private TValue?[] _values = new TValue?[1 << LeastBits];
    private int _bits = LeastBits;

    /// <summary>How many values there are.</summary>
    public int Count { get; private set; }

    /// <summary>The value with a key, or the default.</summary>
    public TValue? Find(TKey key) => _values[PlaceOf(key)];

    /// <summary>Adds a value, in place of one with the same key.</summary>
    public void Put(TValue value)
    {
        if (Count >= _hashes.Length / 4 * 3)
            Grow();
        var key = rules.KeyOf(value);
        var at = PlaceOf(key);
        Count += _hashes[at] == 0 ? 1 : 0;
        (_hashes[at], _values[at]) = (HashOf(key), value);
    }

    /// <summary>Takes a value out; another one with the same key stays.</summary>
    public void Remove(TValue value)
    {
        var at = PlaceOf(rules.KeyOf(value));
        if (!EqualityComparer<TValue>.Default.Equals(_values[at], value))
            return;
        Count--;
        // Those behind it that would not be found any more move up.
        for (var other = Next(at); _hashes[other] != 0; other = Next(other))
        {
            var home = HomeOf(_hashes[other]);
            if ((other - home & _hashes.Length - 1) < (other - at & _hashes.Length - 1))
                continue;
            (_hashes[at], _values[at]) = (_hashes[other], _values[other]);
            at = other;
        }
        (_hashes[at], _values[at]) = (0, default);
    }

    /// <summary>Takes out all.</summary>
    public void Clear()
    {
        Array.Clear(_hashes);
        Array.Clear(_values);
        Count = 0;
    }

    /// <summary>Where the value with a key is, or the empty place where it would be.</summary>
    private int PlaceOf(TKey key)
    {
        var hash = HashOf(key);
        var at = HomeOf(hash);
        while (_hashes[at] != 0 && (_hashes[at] != hash || !rules.AreSame(rules.KeyOf(_values[at]!), key)))
            at = Next(at);
        return at;
    }

    // The golden ratio's bits spread keys that lie close together (Knuth, volume 3, section 6.4).
    private uint HashOf(TKey key) => (uint)(rules.NumberOf(key) * 0x9E37_79B9_7F4A_7C15 >> 32) | 1;

    private int HomeOf(uint hash) => (int)(hash >> 32 - _bits);

    private int Next(int at) => at + 1 & _hashes.Length - 1;

    private void Grow()
    {
        var (hashes, values) = (_hashes, _values);
        _bits++;
        (_hashes, _values, Count) = (new uint[1 << _bits], new TValue?[1 << _bits], 0);
        for (var i = 0; i < hashes.Length; i++)
        {
            if (hashes[i] != 0)
                Put(values[i]!);
        }
    }
}
