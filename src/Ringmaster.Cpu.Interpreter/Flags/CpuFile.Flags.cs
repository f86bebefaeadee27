using System.Numerics;
using System.Runtime.CompilerServices;
using Ringmaster.Cpu.Interpreter.Flags;

namespace Ringmaster.Cpu.Interpreter.Execution;

/// <summary>
/// The arithmetic flags, evaluated lazily: an operation stores its sign-extended result and a word of carry information;
/// a flag is worked out when something reads it.
/// </summary>
/// <remarks>
/// The carry word: bit 0 is the carry into the result's top bit, bit 1 the carry (or borrow) out of it, bit 3 the one out of
/// bit 3; so CF is bit 1, OF is bit 0 xor bit 1, AF is bit 3. Bit 4 inverts SF, and bits 8 to 15 are added (xor) to the low
/// byte for PF: these exist so that any combination of flags, as POPF can load, has a representation. ZF is "result is zero".
/// </remarks>
internal partial struct CpuFile
{
    private const uint CarryIn = 1, CarryOut = 2, AdjustCarry = 8, SignInversion = 16;

    /// <summary>CF.</summary>
    internal bool CF
    {
        [MethodImpl(MethodImplOptions.AggressiveInlining)]
        get => (FlagCarries & CarryOut) != 0;
        // OF must stay, so the carry into the top bit changes with the carry out of it.
        [MethodImpl(MethodImplOptions.AggressiveInlining)]
        set => FlagCarries ^= (((FlagCarries >> 1) & 1) ^ Bit(value)) * (CarryIn | CarryOut);
    }

    /// <summary>PF.</summary>
    internal bool PF => (BitOperations.PopCount((uint)(byte)FlagResult ^ ((FlagCarries >> 8) & 0xFF)) & 1) == 0;

    /// <summary>AF.</summary>
    internal bool AF
    {
        get => (FlagCarries & AdjustCarry) != 0;
        set => FlagCarries = (FlagCarries & ~AdjustCarry) | (value ? AdjustCarry : 0);
    }

    /// <summary>ZF.</summary>
    internal bool ZF
    {
        [MethodImpl(MethodImplOptions.AggressiveInlining)]
        get => FlagResult == 0;
        set => SetStatus((GetStatus() & ~Rflags.Zero) | (value ? Rflags.Zero : 0));
    }

    /// <summary>SF.</summary>
    internal bool SF
    {
        [MethodImpl(MethodImplOptions.AggressiveInlining)]
        get => (((FlagResult >> 63) ^ (FlagCarries >> 4)) & 1) != 0;
    }

    /// <summary>OF.</summary>
    internal bool OF
    {
        [MethodImpl(MethodImplOptions.AggressiveInlining)]
        get => ((FlagCarries + 1) & CarryOut) != 0;
        [MethodImpl(MethodImplOptions.AggressiveInlining)]
        set => FlagCarries ^= (((FlagCarries + 1) >> 1) & 1) ^ Bit(value);
    }

    /// <summary>Sets CF and OF and leaves the other flags alone.</summary>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    internal void SetCarryAndOverflow(bool carry, bool overflow) =>
        FlagCarries = (FlagCarries & ~(CarryIn | CarryOut)) | (Bit(carry) * CarryOut) | (Bit(carry) ^ Bit(overflow));

    /// <summary>The six arithmetic flags, as in RFLAGS.</summary>
    internal uint GetStatus() =>
        (CF ? Rflags.Carry : 0) | (PF ? Rflags.Parity : 0) | (AF ? Rflags.Adjust : 0) | (ZF ? Rflags.Zero : 0) |
        (SF ? Rflags.Sign : 0) | (OF ? Rflags.Overflow : 0);

    /// <summary>Sets the six arithmetic flags from bits as in RFLAGS; other bits are ignored.</summary>
    internal void SetStatus(uint flags)
    {
        var zero = (flags & Rflags.Zero) != 0;
        var sign = (flags & Rflags.Sign) != 0;
        var parity = (flags & Rflags.Parity) != 0;
        var carry = (flags & Rflags.Carry) != 0;
        var overflow = (flags & Rflags.Overflow) != 0;
        // A result of 0 stands for ZF, one of 1 (odd parity, positive) for its absence; the inversions do the rest.
        FlagResult = zero ? 0UL : 1UL;
        FlagCarries = (carry ? CarryOut : 0) | (carry != overflow ? CarryIn : 0) | ((flags & Rflags.Adjust) != 0 ? AdjustCarry : 0) |
            (sign ? SignInversion : 0) | (parity == zero ? 0u : 1u << 8);
    }

    /// <summary>Sets ZF, SF, PF from a result; clears CF, OF, AF.</summary>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    internal void SetLogicFlags<T>(T result) where T : unmanaged, IBinaryInteger<T>
    {
        FlagResult = SignExtend(result);
        FlagCarries = 0;
    }

    /// <summary>Sets ZF, SF, PF from a result, and CF and OF; clears AF.</summary>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    internal void SetLogicFlags<T>(T result, bool carry, bool overflow) where T : unmanaged, IBinaryInteger<T>
    {
        FlagResult = SignExtend(result);
        FlagCarries = (Bit(carry) * CarryOut) | (Bit(carry) ^ Bit(overflow));
    }

    /// <summary>Sets all six flags after an addition (with or without carry in).</summary>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    internal void SetAddFlags<T>(T left, T right, T result) where T : unmanaged, IBinaryInteger<T>
    {
        FlagResult = SignExtend(result);
        FlagCarries = Carries((left & right) | ((left | right) & ~result));
    }

    /// <summary>Sets all six flags after a subtraction (with or without borrow in).</summary>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    internal void SetSubtractFlags<T>(T left, T right, T result) where T : unmanaged, IBinaryInteger<T>
    {
        FlagResult = SignExtend(result);
        FlagCarries = Carries((~left & right) | (~(left ^ right) & result));
    }

    /// <summary>Sets the flags as INC and DEC do: all but CF.</summary>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    internal void SetFlagsButCarry<T>(T left, T right, T result, bool subtract) where T : unmanaged, IBinaryInteger<T>
    {
        var carry = CF;
        if (subtract)
            SetSubtractFlags(left, right, result);
        else
            SetAddFlags(left, right, result);
        CF = carry;
    }

    /// <summary>A value of any width, sign-extended.</summary>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    internal static ulong SignExtend<T>(T value) where T : unmanaged
    {
        if (typeof(T) == typeof(byte))
            return (ulong)(sbyte)(byte)(object)value;
        if (typeof(T) == typeof(ushort))
            return (ulong)(short)(ushort)(object)value;
        if (typeof(T) == typeof(uint))
            return (ulong)(int)(uint)(object)value;
        return (ulong)(object)value;
    }

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    private static uint Bit(bool value) => Unsafe.BitCast<bool, byte>(value);

    /// <summary>The carry word from the vector of carries out of each bit.</summary>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    private static uint Carries<T>(T outOfEachBit) where T : unmanaged
    {
        if (typeof(T) == typeof(byte))
        {
            var carries = (uint)(byte)(object)outOfEachBit;
            return (carries >> 6) | (carries & AdjustCarry);
        }
        if (typeof(T) == typeof(ushort))
        {
            var carries = (uint)(ushort)(object)outOfEachBit;
            return (carries >> 14) | (carries & AdjustCarry);
        }
        if (typeof(T) == typeof(uint))
        {
            var carries = (uint)(object)outOfEachBit;
            return (carries >> 30) | (carries & AdjustCarry);
        }
        else
        {
            var carries = (ulong)(object)outOfEachBit;
            return (uint)(carries >> 62) | ((uint)carries & AdjustCarry);
        }
    }
}
