using System.Numerics;
using System.Runtime.CompilerServices;
using Ringmaster.Cpu.Interpreter.Execution;

namespace Ringmaster.Cpu.Interpreter.Instructions.Integer;

/// <summary>ADD.</summary>
internal readonly unsafe struct Add : IBinaryOperation
{
    public static bool Stores => true;

    public static bool UsesCarry => false;

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static T Compute<T>(T left, T right, bool carry) where T : unmanaged, IBinaryInteger<T> => left + right;

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static void SetFlags<T>(CpuFile* file, T left, T right, T result) where T : unmanaged, IBinaryInteger<T> =>
        file->SetAddFlags(left, right, result);
}

/// <summary>ADC.</summary>
internal readonly unsafe struct AddWithCarry : IBinaryOperation
{
    public static bool Stores => true;

    public static bool UsesCarry => true;

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static T Compute<T>(T left, T right, bool carry) where T : unmanaged, IBinaryInteger<T> =>
        left + right + (carry ? T.One : T.Zero);

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static void SetFlags<T>(CpuFile* file, T left, T right, T result) where T : unmanaged, IBinaryInteger<T> =>
        file->SetAddFlags(left, right, result);
}

/// <summary>SUB.</summary>
internal readonly unsafe struct Subtract : IBinaryOperation
{
    public static bool Stores => true;

    public static bool UsesCarry => false;

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static T Compute<T>(T left, T right, bool carry) where T : unmanaged, IBinaryInteger<T> => left - right;

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static void SetFlags<T>(CpuFile* file, T left, T right, T result) where T : unmanaged, IBinaryInteger<T> =>
        file->SetSubtractFlags(left, right, result);
}

/// <summary>SBB.</summary>
internal readonly unsafe struct SubtractWithBorrow : IBinaryOperation
{
    public static bool Stores => true;

    public static bool UsesCarry => true;

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static T Compute<T>(T left, T right, bool carry) where T : unmanaged, IBinaryInteger<T> =>
        left - right - (carry ? T.One : T.Zero);

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static void SetFlags<T>(CpuFile* file, T left, T right, T result) where T : unmanaged, IBinaryInteger<T> =>
        file->SetSubtractFlags(left, right, result);
}

/// <summary>CMP.</summary>
internal readonly unsafe struct Compare : IBinaryOperation
{
    public static bool Stores => false;

    public static bool UsesCarry => false;

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static T Compute<T>(T left, T right, bool carry) where T : unmanaged, IBinaryInteger<T> => left - right;

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static void SetFlags<T>(CpuFile* file, T left, T right, T result) where T : unmanaged, IBinaryInteger<T> =>
        file->SetSubtractFlags(left, right, result);
}

/// <summary>AND.</summary>
internal readonly unsafe struct And : IBinaryOperation
{
    public static bool Stores => true;

    public static bool UsesCarry => false;

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static T Compute<T>(T left, T right, bool carry) where T : unmanaged, IBinaryInteger<T> => left & right;

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static void SetFlags<T>(CpuFile* file, T left, T right, T result) where T : unmanaged, IBinaryInteger<T> =>
        file->SetLogicFlags(result);
}

/// <summary>TEST.</summary>
internal readonly unsafe struct Test : IBinaryOperation
{
    public static bool Stores => false;

    public static bool UsesCarry => false;

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static T Compute<T>(T left, T right, bool carry) where T : unmanaged, IBinaryInteger<T> => left & right;

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static void SetFlags<T>(CpuFile* file, T left, T right, T result) where T : unmanaged, IBinaryInteger<T> =>
        file->SetLogicFlags(result);
}

/// <summary>OR.</summary>
internal readonly unsafe struct Or : IBinaryOperation
{
    public static bool Stores => true;

    public static bool UsesCarry => false;

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static T Compute<T>(T left, T right, bool carry) where T : unmanaged, IBinaryInteger<T> => left | right;

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static void SetFlags<T>(CpuFile* file, T left, T right, T result) where T : unmanaged, IBinaryInteger<T> =>
        file->SetLogicFlags(result);
}

/// <summary>XOR.</summary>
internal readonly unsafe struct Xor : IBinaryOperation
{
    public static bool Stores => true;

    public static bool UsesCarry => false;

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static T Compute<T>(T left, T right, bool carry) where T : unmanaged, IBinaryInteger<T> => left ^ right;

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static void SetFlags<T>(CpuFile* file, T left, T right, T result) where T : unmanaged, IBinaryInteger<T> =>
        file->SetLogicFlags(result);
}
