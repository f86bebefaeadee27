namespace Ringmaster.Cpu.Interpreter.Tests.HarnessX87;

/// <summary>Operands and states that reach the corners: every class of value, exponents that meet, every mode.</summary>
internal sealed class FloatSamples(int seed)
{
    private static readonly ulong[] s_significands =
    [
        1UL << 63, ulong.MaxValue, (1UL << 63) | 1, 3UL << 62, ulong.MaxValue << 11, ulong.MaxValue << 40, 1UL << 63 | 1 << 10,
        1UL << 63 | 1UL << 39, 0xC90F_DAA2_2168_C235, 0xB504_F333_F9DE_6484, 0xAAAA_AAAA_AAAA_AAAB, 0x8000_0000_0000_03FF, 0x8000_0080_0000_0001,
    ];

    private static readonly int[] s_exponents =
    [
        0, 1, 2, 0x3FFF, 0x3FFE, 0x3FFD, 0x4000, 0x4001, 0x400E, 0x401E, 0x403D, 0x403E, 0x403F, 0x4040, 0x7FFE, 0x7FFD, 0x3FFF - 126,
        0x3FFF - 127, 0x3FFF - 149, 0x3FFF + 127, 0x3FFF + 128, 0x3FFF - 1022, 0x3FFF - 1023, 0x3FFF - 1074, 0x3FFF + 1023, 0x3FFF + 1024,
        0x3FFF - 64, 0x3FFF + 63, 0x2000, 0x5FFF,
    ];

    private readonly Random _random = new(seed);

    public ulong NextBits() => (ulong)_random.NextInt64(long.MinValue, long.MaxValue);

    public int Next(int limit) => _random.Next(limit);

    /// <summary>An 80-bit encoding of any class.</summary>
    public (ulong Significand, ushort SignExponent) Extended()
    {
        var sign = _random.Next(2) << 15;
        var significand = _random.Next(3) == 0 ? NextBits() : s_significands[_random.Next(s_significands.Length)];
        if (_random.Next(6) == 0)
            significand = NextBits() & (ulong.MaxValue << _random.Next(64)) | 1UL << 63;
        switch (_random.Next(16))
        {
            case 0:
                return (0, (ushort)sign);
            case 1:
                return (1UL << 63, (ushort)(sign | 0x7FFF));
            case 2:
                return (significand | 3UL << 62, (ushort)(sign | 0x7FFF));
            case 3:
                return ((significand | 1UL << 63) & ~(1UL << 62) | 1, (ushort)(sign | 0x7FFF));
            case 4:
                return (significand >> _random.Next(64), (ushort)sign);
            case 5:
                return (significand & ~(1UL << 63), (ushort)(sign | s_exponents[_random.Next(s_exponents.Length)]));
            case 6:
                return (significand, (ushort)(sign | 0x7FFF));
            case 7 or 8:
                return (significand | 1UL << 63, (ushort)(sign | _random.Next(0x8000)));
            case 9 or 10:
                return (significand | 1UL << 63, (ushort)(sign | (s_exponents[_random.Next(s_exponents.Length)] + _random.Next(3) & 0x7FFF)));
            default:
                return (significand | 1UL << 63, (ushort)(sign | 0x3FFF + _random.Next(-70, 70)));
        }
    }

    /// <summary>Bits of a single, double or integer operand.</summary>
    public ulong Memory() => _random.Next(8) switch
    {
        0 => NextBits(),
        1 => BitConverter.DoubleToUInt64Bits(Special(double.MaxValue, double.Epsilon)),
        2 => BitConverter.SingleToUInt32Bits((float)Special(float.MaxValue, float.Epsilon)) | NextBits() << 32,
        3 => BitConverter.DoubleToUInt64Bits(_random.NextDouble() * 100 - 50),
        4 => BitConverter.SingleToUInt32Bits((float)(_random.NextDouble() * 100 - 50)) | NextBits() << 32,
        5 => (ulong)(long)_random.Next(-5, 5),
        6 => (NextBits() & 0x800F_FFFF_FFFF_FFFF) | (_random.Next(2) == 0 ? 0UL : 0x7FF0_0000_0000_0000UL),
        _ => (NextBits() & 0xFFFF_FFFF_807F_FFFFUL) | (_random.Next(2) == 0 ? 0UL : 0x7F80_0000UL),
    };

    /// <summary>A state with nothing pending.</summary>
    public FloatCase Case(bool masked = false)
    {
        var result = new FloatCase();
        var masks = masked || _random.Next(3) != 0 ? 0x3F : _random.Next(64);
        result.ControlWord = (ushort)(0x40 | masks | _random.Next(16) << 8);
        if (_random.Next(2) == 0)
            result.ControlWord |= 0x300;
        result.StatusWord = (ushort)(_random.Next(0x8000) & ~0xBF & 0x7FFF | _random.Next(64) & masks);
        result.TagWord = (byte)(_random.Next(3) == 0 ? _random.Next(256) : 0xFF);
        if (_random.Next(3) == 0)
        {
            // Room for pushes: ST(7) empty, ST(0) not.
            var top = result.StatusWord >> 11 & 7;
            result.TagWord = (byte)((result.TagWord | 1 << top) & ~(1 << ((top + 7) & 7)));
        }
        result.LastOpcode = (ushort)_random.Next(0x800);
        result.LastInstruction = (ulong)_random.Next();
        result.LastData = (ulong)_random.Next();
        result.Mxcsr = 0x1F80;
        for (var i = 0; i < 8; i++)
        {
            var (significand, signExponent) = Extended();
            (result.St(i)[0], result.St(i)[1]) = (significand, signExponent);
        }
        if (_random.Next(4) == 0)
        {
            // Same magnitude or neighbours in the first two registers.
            result.St(0)[0] = result.St(1)[0] ^ (ulong)_random.Next(3);
            result.St(0)[1] = result.St(1)[1] ^ (ulong)(_random.Next(2) << 15) ^ (ulong)_random.Next(2);
        }
        for (var i = 0; i < 16; i++)
            (result.Xmm(i)[0], result.Xmm(i)[1]) = (NextBits(), NextBits());
        (result.Rax, result.Rcx, result.Rdx) = (NextBits(), NextBits(), NextBits());
        result.Flags = 2 | (NextBits() & 0x8D5);
        for (var i = 0; i < FloatCase.MemorySize; i += 8)
            BitConverter.TryWriteBytes(result.Bytes[i..], NextBits());
        BitConverter.TryWriteBytes(result.Bytes, Memory());
        return result;
    }

    private double Special(double largest, double smallest) => _random.Next(10) switch
    {
        0 => 0.0,
        1 => -0.0,
        2 => double.PositiveInfinity,
        3 => double.NegativeInfinity,
        4 => double.NaN,
        5 => largest,
        6 => -largest,
        7 => smallest * _random.Next(1, 100),
        8 => 1,
        _ => _random.NextDouble(),
    };
}
