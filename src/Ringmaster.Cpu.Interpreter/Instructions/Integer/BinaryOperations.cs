using System.Numerics;
using System.Runtime.CompilerServices;
using Ringmaster.Cpu.Interpreter.Execution;

namespace Ringmaster.Cpu.Interpreter.Instructions.Integer;

/// <summary>ADD.</summary>
internal readonly struct Add : IBinaryOperation
{
    public static bool Stores => true;

    public static bool UsesCarry => false;

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static T Compute<T>(T left, T right, bool carry) where T : unmanaged, IBinaryInteger<T> => left + right;

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static void SetFlags<T>(Vcpu cpu, T left, T right, T result) where T : unmanaged, IBinaryInteger<T> =>
        cpu.SetAddFlags(left, right, result);
}

/// <summary>ADC.</summary>
internal readonly struct AddWithCarry : IBinaryOperation
{
    public static bool Stores => true;

    public static bool UsesCarry => true;

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static T Compute<T>(T left, T right, bool carry) where T : unmanaged, IBinaryInteger<T> =>
        left + right + (carry ? T.One : T.Zero);

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static void SetFlags<T>(Vcpu cpu, T left, T right, T result) where T : unmanaged, IBinaryInteger<T> =>
        cpu.SetAddFlags(left, right, result);
}

/// <summary>SUB.</summary>
internal readonly struct Subtract : IBinaryOperation
{
    public static bool Stores => true;

    public static bool UsesCarry => false;

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static T Compute<T>(T left, T right, bool carry) where T : unmanaged, IBinaryInteger<T> => left - right;

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static void SetFlags<T>(Vcpu cpu, T left, T right, T result) where T : unmanaged, IBinaryInteger<T> =>
        cpu.SetSubtractFlags(left, right, result);
}

/// <summary>SBB.</summary>
internal readonly struct SubtractWithBorrow : IBinaryOperation
{
    public static bool Stores => true;

    public static bool UsesCarry => true;

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static T Compute<T>(T left, T right, bool carry) where T : unmanaged, IBinaryInteger<T> =>
        left - right - (carry ? T.One : T.Zero);

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static void SetFlags<T>(Vcpu cpu, T left, T right, T result) where T : unmanaged, IBinaryInteger<T> =>
        cpu.SetSubtractFlags(left, right, result);
}

/// <summary>CMP.</summary>
internal readonly struct Compare : IBinaryOperation
{
    public static bool Stores => false;

    public static bool UsesCarry => false;

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static T Compute<T>(T left, T right, bool carry) where T : unmanaged, IBinaryInteger<T> => left - right;

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static void SetFlags<T>(Vcpu cpu, T left, T right, T result) where T : unmanaged, IBinaryInteger<T> =>
        cpu.SetSubtractFlags(left, right, result);
}

/// <summary>AND.</summary>
internal readonly struct And : IBinaryOperation
{
    public static bool Stores => true;

    public static bool UsesCarry => false;

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static T Compute<T>(T left, T right, bool carry) where T : unmanaged, IBinaryInteger<T> => left & right;

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static void SetFlags<T>(Vcpu cpu, T left, T right, T result) where T : unmanaged, IBinaryInteger<T> =>
        cpu.SetLogicFlags(result);
}

/// <summary>TEST.</summary>
internal readonly struct Test : IBinaryOperation
{
    public static bool Stores => false;

    public static bool UsesCarry => false;

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static T Compute<T>(T left, T right, bool carry) where T : unmanaged, IBinaryInteger<T> => left & right;

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static void SetFlags<T>(Vcpu cpu, T left, T right, T result) where T : unmanaged, IBinaryInteger<T> =>
        cpu.SetLogicFlags(result);
}

/// <summary>OR.</summary>
internal readonly struct Or : IBinaryOperation
{
    public static bool Stores => true;

    public static bool UsesCarry => false;

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static T Compute<T>(T left, T right, bool carry) where T : unmanaged, IBinaryInteger<T> => left | right;

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static void SetFlags<T>(Vcpu cpu, T left, T right, T result) where T : unmanaged, IBinaryInteger<T> =>
        cpu.SetLogicFlags(result);
}

/// <summary>XOR.</summary>
internal readonly struct Xor : IBinaryOperation
{
    public static bool Stores => true;

    public static bool UsesCarry => false;

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static T Compute<T>(T left, T right, bool carry) where T : unmanaged, IBinaryInteger<T> => left ^ right;

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static void SetFlags<T>(Vcpu cpu, T left, T right, T result) where T : unmanaged, IBinaryInteger<T> =>
        cpu.SetLogicFlags(result);
}
