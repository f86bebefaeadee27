using System.Numerics;
using System.Runtime.CompilerServices;
using Ringmaster.Cpu.Interpreter.Execution;
using Ringmaster.Cpu.Interpreter.Instructions.Integer;

namespace Ringmaster.Cpu.Interpreter.Instructions.Chained;

/// <summary>An operation that leaves the flags alone.</summary>
internal readonly unsafe struct Silent<TOperation> : IBinaryOperation where TOperation : struct, IBinaryOperation
{
    public static bool Stores => TOperation.Stores;

    public static bool UsesCarry => TOperation.UsesCarry;

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static T Compute<T>(T left, T right, bool carry) where T : unmanaged, IBinaryInteger<T> => TOperation.Compute(left, right, carry);

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static void SetFlags<T>(CpuFile* file, T left, T right, T result) where T : unmanaged, IBinaryInteger<T>
    {
    }
}
