namespace Ringmaster.Fuzz.Tests;

/// <summary>Random values that a seed decides on every host and runtime alike (splitmix64), with the shapes that hostile guests like.</summary>
internal sealed class FuzzRandom(ulong seed)
{
    private ulong _state = seed;

    /// <summary>Values at which arithmetic, limits and masks turn over.</summary>
    private static readonly ulong[] s_edges =
    [
        0, 1, 2, 0xFF, 0xFFF, 0x1000, 0x7FFF, 0xFFFF, 0x1_0000, 0x7FFF_FFFF, 0x8000_0000, 0xFFFF_FFFF, 0x1_0000_0000,
        0x7FFF_FFFF_FFFF, 0x8000_0000_0000, 0xFFFF_8000_0000_0000, 0x00FF_FFFF_FFFF_FFFF, 0x7FFF_FFFF_FFFF_FFFF,
        0x8000_0000_0000_0000, ulong.MaxValue,
    ];

    public ulong Next()
    {
        var value = _state += 0x9E37_79B9_7F4A_7C15;
        value = (value ^ (value >> 30)) * 0xBF58_476D_1CE4_E5B9;
        value = (value ^ (value >> 27)) * 0x94D0_49BB_1331_11EB;
        return value ^ (value >> 31);
    }

    /// <summary>0 to <paramref name="bound"/> - 1.</summary>
    public int Below(int bound) => (int)(Next() % (ulong)bound);

    /// <summary>True in <paramref name="percent"/> of 100 cases.</summary>
    public bool Chance(int percent) => Below(100) < percent;

    public T Pick<T>(params ReadOnlySpan<T> choices) => choices[Below(choices.Length)];

    /// <summary>A value near an edge, a small one, or any.</summary>
    public ulong Edgy() => Below(4) switch
    {
        0 => s_edges[Below(s_edges.Length)] + (ulong)Below(17) - 8,
        1 => (ulong)Below(0x1_0000),
        2 => Next() >> Below(64),
        _ => Next(),
    };

    public void Fill(Span<byte> bytes)
    {
        for (var i = 0; i < bytes.Length; i += 8)
        {
            var value = Next();
            for (var k = i; k < Math.Min(i + 8, bytes.Length); k++, value >>= 8)
                bytes[k] = (byte)value;
        }
    }
}
