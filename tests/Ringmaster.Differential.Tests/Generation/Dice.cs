using System.Numerics;

namespace Ringmaster.Differential.Tests.Generation;

/// <summary>A reproducible source of random numbers: xoshiro256** (Blackman, Vigna 2018), seeded by SplitMix64.</summary>
internal sealed class Dice
{
    private ulong _a, _b, _c, _d;

    /// <summary>Starts over. Equal arguments give equal numbers.</summary>
    public void Seed(ulong seed, ulong stream)
    {
        var state = seed ^ (stream * 0x9E37_79B9_7F4A_7C15);
        (_a, _b, _c, _d) = (Split(ref state), Split(ref state), Split(ref state), Split(ref state));
    }

    /// <summary>64 random bits.</summary>
    public ulong Next()
    {
        var result = BitOperations.RotateLeft(_b * 5, 7) * 9;
        var t = _b << 17;
        _c ^= _a;
        _d ^= _b;
        _b ^= _c;
        _a ^= _d;
        _c ^= t;
        _d = BitOperations.RotateLeft(_d, 45);
        return result;
    }

    /// <summary>A number below a bound.</summary>
    public int Below(int bound) => (int)((Next() >> 32) * (ulong)bound >> 32);

    /// <summary>A number in a range, both ends included.</summary>
    public int Between(int low, int high) => low + Below(high - low + 1);

    /// <summary>True in so many cases out of a hundred.</summary>
    public bool Percent(int percent) => Below(100) < percent;

    /// <summary>One of some values.</summary>
    public T Pick<T>(ReadOnlySpan<T> values) => values[Below(values.Length)];

    private static ulong Split(ref ulong state)
    {
        var z = state += 0x9E37_79B9_7F4A_7C15;
        z = (z ^ (z >> 30)) * 0xBF58_476D_1CE4_E5B9;
        z = (z ^ (z >> 27)) * 0x94D0_49BB_1331_11EB;
        return z ^ (z >> 31);
    }
}
