using System.Numerics;
using Ringmaster.Cpu.Interpreter.Execution;

namespace Ringmaster.Cpu.Interpreter.Instructions.Integer;

/// <summary>
/// A two-operand integer operation, split so that the result can be stored, which may fail, before any flag changes.
/// </summary>
internal unsafe interface IBinaryOperation
{
    /// <summary>The result is stored; false for CMP and TEST.</summary>
    static abstract bool Stores { get; }

    /// <summary>CF takes part; false for most.</summary>
    static abstract bool UsesCarry { get; }

    /// <summary>The result.</summary>
    static abstract T Compute<T>(T left, T right, bool carry) where T : unmanaged, IBinaryInteger<T>;

    /// <summary>Sets the flags.</summary>
    static abstract void SetFlags<T>(CpuFile* file, T left, T right, T result) where T : unmanaged, IBinaryInteger<T>;
}
