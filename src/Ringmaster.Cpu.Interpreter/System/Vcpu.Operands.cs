using Ringmaster.Cpu.Interpreter.Decoding;
using Ringmaster.Cpu.Interpreter.Memory;

namespace Ringmaster.Cpu.Interpreter.Execution;

/// <summary>Operands and endings that only system instructions have.</summary>
internal unsafe partial class Vcpu
{
    /// <summary>Goes on behind an instruction that has changed mappings or modes: the next instruction is looked up afresh.</summary>
    internal Status GoOn(Op* op)
    {
        Rip = NextRipOf(op);
        return Status.Branch;
    }

    /// <summary>The linear address of an operand that is not accessed: no checks.</summary>
    internal ulong UncheckedLinear(Op* op)
    {
        var linear = EffectiveAddress(op) + Bases[op->Segment];
        return _is64BitMode ? linear : (uint)linear;
    }

    /// <summary>Checks an operand as a load of one byte would, without loading it: devices must not notice.</summary>
    internal bool CheckRead(Op* op) => CheckRead(op->Segment, EffectiveAddress(op));

    /// <summary>Checks an address as a load of one byte would.</summary>
    internal bool CheckRead(int segment, ulong offset) => Segmented(segment, offset, 1, AccessKind.Read, out var linear)
        && CheckCanonical(segment, linear, 1) && Translate(WrapLinear(linear), AccessKind.Read, CurrentMmuMode, out _);
}
