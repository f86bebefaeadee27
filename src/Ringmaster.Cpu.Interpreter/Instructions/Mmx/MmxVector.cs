using System.Runtime.CompilerServices;
using System.Runtime.Intrinsics;

namespace Ringmaster.Cpu.Interpreter.Instructions.Mmx;

/// <summary>MMX operands in the lower half of host vectors.</summary>
internal static class MmxVector
{
    /// <summary>An operand; the upper half is zero.</summary>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static Vector128<T> Of<T>(ulong value) => Vector128.CreateScalar(value).As<ulong, T>();

    /// <summary>Two operands, the first in the lower half.</summary>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static Vector128<T> Pair<T>(ulong lower, ulong upper) => Vector128.Create(lower, upper).As<ulong, T>();

    /// <summary>The lower half.</summary>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static ulong Low<T>(Vector128<T> value) => value.AsUInt64().ToScalar();

    /// <summary>The upper half.</summary>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static ulong High<T>(Vector128<T> value) => value.AsUInt64().GetElement(1);
}
