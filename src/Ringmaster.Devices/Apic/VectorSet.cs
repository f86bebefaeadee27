using System.Collections.Immutable;
using System.Numerics;

namespace Ringmaster.Devices.Apic;

/// <summary>One bit for each of the 256 vectors: IRR, ISR or TMR (SDM 3A 11.8.4).</summary>
internal sealed class VectorSet
{
    /// <summary>32-bit registers in a set.</summary>
    public const int Words = 8;

    private readonly uint[] _words = new uint[Words];

    /// <summary>Register <paramref name="word"/>: vectors 32 * word to 32 * word + 31.</summary>
    public uint this[int word] => _words[word];

    /// <summary>The highest vector in the set, -1 if it is empty.</summary>
    public int Highest
    {
        get
        {
            for (var word = Words - 1; word >= 0; word--)
            {
                if (_words[word] != 0)
                    return word * 32 + 31 - BitOperations.LeadingZeroCount(_words[word]);
            }
            return -1;
        }
    }

    public bool Contains(byte vector) => (_words[vector >> 5] & (1u << (vector & 31))) != 0;

    public void Set(byte vector, bool present)
    {
        if (present)
            _words[vector >> 5] |= 1u << (vector & 31);
        else
            _words[vector >> 5] &= ~(1u << (vector & 31));
    }

    public void Clear() => Array.Clear(_words);

    public ImmutableArray<uint> Save() => [.. _words];

    /// <summary>Takes words on; vectors 0 to 15 can never be in a set.</summary>
    public void Load(ImmutableArray<uint> words)
    {
        words.CopyTo(_words);
        _words[0] &= 0xFFFF_0000;
    }
}
