using System.Runtime.InteropServices;

namespace Ringmaster.Cpu.Interpreter.Tests.HarnessSimd;

/// <summary>Register and memory contents: random bits, small numbers, and the floating-point values where things happen.</summary>
internal sealed unsafe class OperandSource(int seed)
{
    private static readonly uint[] s_singles =
    [
        0, 0x8000_0000, 0x3F80_0000, 0xBF80_0000, 0x7F80_0000, 0xFF80_0000, 0x7FC0_0000, 0xFFC0_0000, 0x7F80_0001, 0xFFA0_1234,
        0x7FC1_2345, 1, 0x8000_0001, 0x007F_FFFF, 0x0080_0000, 0x8080_0000, 0x7F7F_FFFF, 0xFF7F_FFFF, 0x3F00_0000, 0x3FC0_0000,
        0x4F00_0000, 0xCF00_0000, 0x4EFF_FFFF, 0x5F00_0000, 0xDF00_0000, 0x3EFF_FFFF, 0x4B80_0000, 0x4020_0000, 0x477F_E000, 0x3380_0000,
        0x3880_0000, 0x477F_F000, 0x387F_C000, 0x0040_0000, 0x3F80_0001, 0x3F7F_FFFF,
    ];

    private static readonly ulong[] s_doubles =
    [
        0, 0x8000_0000_0000_0000, 0x3FF0_0000_0000_0000, 0xBFF0_0000_0000_0000, 0x7FF0_0000_0000_0000, 0xFFF0_0000_0000_0000,
        0x7FF8_0000_0000_0000, 0xFFF8_0000_0000_0000, 0x7FF0_0000_0000_0001, 0xFFF4_1234_5678_9ABC, 0x7FF8_1234_5678_9ABC, 1,
        0x8000_0000_0000_0001, 0x000F_FFFF_FFFF_FFFF, 0x0010_0000_0000_0000, 0x7FEF_FFFF_FFFF_FFFF, 0xFFEF_FFFF_FFFF_FFFF,
        0x41E0_0000_0000_0000, 0xC1E0_0000_0000_0000, 0xC1E0_0000_0010_0000, 0x41DF_FFFF_FFE0_0000, 0x43E0_0000_0000_0000,
        0xC3E0_0000_0000_0000, 0x3FE0_0000_0000_0000, 0x3FF8_0000_0000_0000, 0x4004_0000_0000_0000, 0x47EF_FFFF_F000_0000,
        0x36A0_0000_0000_0000, 0x380F_FFFF_E000_0000, 0x3810_0000_0000_0000, 0x3690_0000_0000_0000, 0x3FF0_0000_0000_0001,
        0x3FEF_FFFF_FFFF_FFFF, 0x4330_0000_0000_0001, 0x41DF_FFFF_FFC0_0000,
    ];

    private readonly Random _random = new(seed);

    public ulong Word() => _random.Next(12) switch
    {
        0 or 1 or 2 => (ulong)_random.NextInt64(long.MinValue, long.MaxValue),
        3 => Single() | ((ulong)Single() << 32),
        4 => Single() | ((ulong)Single() << 32),
        5 or 6 => s_doubles[_random.Next(s_doubles.Length)],
        7 => BitConverter.DoubleToUInt64Bits((_random.NextDouble() - 0.5) * 8),
        8 => BitConverter.SingleToUInt32Bits((float)(_random.NextDouble() - 0.5) * 8)
            | ((ulong)BitConverter.SingleToUInt32Bits((float)_random.Next(-100, 100)) << 32),
        9 => (ulong)_random.Next(200),
        10 => NearExtremes(),
        _ => Bytes(),
    };

    public void Fill(ref VectorState state)
    {
        for (var i = 0; i < 64; i++)
            state.Vectors[i] = Word();
        for (var i = 0; i < 16; i++)
            state.General[i] = Word();
        for (var i = 0; i < 8; i++)
            state.Mmx[i] = Word();
        state.Flags = 0x202 | ((ulong)_random.Next(0x10000) & 0x8D5);
        // Exceptions stay masked natively; flags, rounding, FTZ and DAZ vary.
        state.Mxcsr = 0x1F80;
        if (_random.Next(2) == 0)
            state.Mxcsr |= (uint)_random.Next(4) << 13 | (_random.Next(4) == 0 ? 0x8000u : 0) | (_random.Next(4) == 0 ? 0x40u : 0);
        if (_random.Next(4) == 0)
            state.Mxcsr |= (uint)_random.Next(64);
    }

    public void Fill(Span<byte> memory)
    {
        foreach (ref var word in MemoryMarshal.Cast<byte, ulong>(memory))
            word = Word();
    }

    private uint Single() => s_singles[_random.Next(s_singles.Length)];

    // Exponents near the ends of the ranges, and around those where conversions overflow.
    private ulong NearExtremes()
    {
        var fraction = (ulong)_random.NextInt64() & 0xF_FFFF_FFFF_FFFF & ((ulong)_random.NextInt64() | 0xF);
        var exponent = _random.Next(6) switch
        {
            0 => _random.Next(60), 1 => 2046 - _random.Next(60), 2 => 1023 + 127 - _random.Next(4), 3 => 1023 - 126 - _random.Next(30),
            4 => 1023 + 28 + _random.Next(8), _ => 1023 + 60 + _random.Next(8),
        };
        var value = ((ulong)_random.Next(2) << 63) | ((ulong)exponent << 52) | fraction;
        if (_random.Next(2) == 0)
            return value;
        var single = ((uint)_random.Next(2) << 31) | ((uint)(_random.Next(2) == 0 ? _random.Next(30) : 254 - _random.Next(30)) << 23)
            | (uint)_random.Next(1 << 23);
        return single | ((ulong)Single() << 32);
    }

    private ulong Bytes()
    {
        ulong word = 0;
        for (var i = 0; i < 8; i++)
            word |= (ulong)(byte)(_random.Next(3) == 0 ? _random.Next(4) * 0x40 : _random.Next(2) == 0 ? 0 : "ab\u007f\u0080z"[_random.Next(5)]) << (8 * i);
        return word;
    }
}
