using System.Runtime.CompilerServices;
using Ringmaster.Cpu.Interpreter.Execution;

namespace Ringmaster.Cpu.Interpreter.Instructions.Integer;

/// <summary>A condition code (SDM 1 appendix B).</summary>
internal interface ICondition
{
    static abstract bool Holds(Vcpu cpu);
}

/// <summary>The opposite of a condition.</summary>
internal readonly struct Unless<TCondition> : ICondition where TCondition : struct, ICondition
{
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static bool Holds(Vcpu cpu) => !TCondition.Holds(cpu);
}

/// <summary>O.</summary>
internal readonly struct IfOverflow : ICondition
{
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static bool Holds(Vcpu cpu) => cpu.OF;
}

/// <summary>B, C, NAE.</summary>
internal readonly struct IfBelow : ICondition
{
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static bool Holds(Vcpu cpu) => cpu.CF;
}

/// <summary>E, Z.</summary>
internal readonly struct IfEqual : ICondition
{
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static bool Holds(Vcpu cpu) => cpu.ZF;
}

/// <summary>BE, NA.</summary>
internal readonly struct IfBelowOrEqual : ICondition
{
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static bool Holds(Vcpu cpu) => cpu.CF || cpu.ZF;
}

/// <summary>S.</summary>
internal readonly struct IfSign : ICondition
{
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static bool Holds(Vcpu cpu) => cpu.SF;
}

/// <summary>P, PE.</summary>
internal readonly struct IfParity : ICondition
{
    public static bool Holds(Vcpu cpu) => cpu.PF;
}

/// <summary>L, NGE.</summary>
internal readonly struct IfLess : ICondition
{
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static bool Holds(Vcpu cpu) => cpu.SF != cpu.OF;
}

/// <summary>LE, NG.</summary>
internal readonly struct IfLessOrEqual : ICondition
{
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static bool Holds(Vcpu cpu) => cpu.ZF || cpu.SF != cpu.OF;
}
