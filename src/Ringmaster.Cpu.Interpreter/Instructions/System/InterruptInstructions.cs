using System.Numerics;
using Iced.Intel;
using Ringmaster.Cpu.Interpreter.Decoding;
using Ringmaster.Cpu.Interpreter.Execution;
using Ringmaster.Cpu.Interpreter.Memory;
using Vector = Ringmaster.Cpu.Interpreter.Execution.Vector;

namespace Ringmaster.Cpu.Interpreter.Instructions;

/// <summary>INT n, INT3, INTO, INT1, BOUND, and the opcodes that exist to be undefined.</summary>
internal static unsafe class InterruptInstructions
{
    public static void Register(HandlerTable table)
    {
        table.Add(Code.Int_imm8, &Numbered);
        table.Add(Code.Int3, &Breakpoint);
        table.Add(Code.Into, &OnOverflow);
        table.Add(Code.Int1, &DebugInterrupt);
        table.Add(Code.Bound_r16_m1616, null, &Bound<short>);
        table.Add(Code.Bound_r32_m3232, null, &Bound<int>);
        foreach (var code in (ReadOnlySpan<Code>)[Code.Ud0, Code.Ud0_r16_rm16, Code.Ud0_r32_rm32, Code.Ud0_r64_rm64,
            Code.Ud1_r16_rm16, Code.Ud1_r32_rm32, Code.Ud1_r64_rm64, Code.Ud2,
            // Outside system management mode, which the machine does not have.
            Code.Rsm])
            table.Add(code, &Undefined);
    }

    private static Status Numbered(Vcpu cpu, Op* op) => cpu.NumberedInterrupt((byte)op->Immediate, cpu.NextRipOf(op));

    private static Status Breakpoint(Vcpu cpu, Op* op) => cpu.SoftwareException(Vector.Breakpoint, cpu.NextRipOf(op));

    private static Status OnOverflow(Vcpu cpu, Op* op)
    {
        if (cpu.OF)
            return cpu.SoftwareException(Vector.Overflow, cpu.NextRipOf(op));
        // The block ends here in either case.
        cpu.Rip = cpu.NextRipOf(op);
        return Status.Branch;
    }

    private static Status DebugInterrupt(Vcpu cpu, Op* op) => cpu.DebugInterrupt(cpu.NextRipOf(op));

    private static Status Undefined(Vcpu cpu, Op* op) => cpu.RaiseInvalidOpcode();

    // Lower bound, then upper bound; both are signed and inclusive.
    private static Status Bound<T>(Vcpu cpu, Op* op) where T : unmanaged, IBinaryInteger<T>
    {
        if (!cpu.LinearOperand(op, sizeof(T) * 2, AccessKind.Read, out var linear)
            || !cpu.ReadLinear(op->Segment, linear, out T lower)
            || !cpu.ReadLinear(op->Segment, linear + (ulong)sizeof(T), out T upper))
            return cpu.FaultOrExit;
        var index = cpu.Reg<T>(op->Reg0);
        return index < lower || index > upper ? cpu.Raise(Vector.BoundRange) : Status.Next;
    }
}
