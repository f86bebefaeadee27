using System.Runtime.CompilerServices;
using Ringmaster.Cpu.Interpreter.Execution;

namespace Ringmaster.Cpu.Interpreter.Instructions.Integer;

/// <summary>A condition code (SDM 1 appendix B).</summary>
internal unsafe interface ICondition
{
    static abstract bool Holds(CpuFile* file);
}

/// <summary>The opposite of a condition.</summary>
internal readonly unsafe struct Unless<TCondition> : ICondition where TCondition : struct, ICondition
{
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static bool Holds(CpuFile* file) => !TCondition.Holds(file);
}

/// <summary>O.</summary>
internal readonly unsafe struct IfOverflow : ICondition
{
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static bool Holds(CpuFile* file) => file->OF;
}

/// <summary>B, C, NAE.</summary>
internal readonly unsafe struct IfBelow : ICondition
{
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static bool Holds(CpuFile* file) => file->CF;
}

/// <summary>E, Z.</summary>
internal readonly unsafe struct IfEqual : ICondition
{
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static bool Holds(CpuFile* file) => file->ZF;
}

/// <summary>BE, NA.</summary>
internal readonly unsafe struct IfBelowOrEqual : ICondition
{
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static bool Holds(CpuFile* file) => file->CF || file->ZF;
}

/// <summary>S.</summary>
internal readonly unsafe struct IfSign : ICondition
{
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static bool Holds(CpuFile* file) => file->SF;
}

/// <summary>P, PE.</summary>
internal readonly unsafe struct IfParity : ICondition
{
    public static bool Holds(CpuFile* file) => file->PF;
}

/// <summary>L, NGE.</summary>
internal readonly unsafe struct IfLess : ICondition
{
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static bool Holds(CpuFile* file) => file->SF != file->OF;
}

/// <summary>LE, NG.</summary>
internal readonly unsafe struct IfLessOrEqual : ICondition
{
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static bool Holds(CpuFile* file) => file->ZF || file->SF != file->OF;
}
