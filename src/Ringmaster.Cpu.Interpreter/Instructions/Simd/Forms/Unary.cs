using System.Runtime.Intrinsics;
using Iced.Intel;
using Ringmaster.Cpu.Interpreter.Decoding;
using Ringmaster.Cpu.Interpreter.Execution;

namespace Ringmaster.Cpu.Interpreter.Instructions.Simd.Forms;

/// <summary>The legacy, VEX.128 and VEX.256 forms of an operation with one vector source as wide as the result.</summary>
/// <typeparam name="TOperation">What is done to a lane.</typeparam>
internal static unsafe class Unary<TOperation> where TOperation : struct, IUnaryOperation
{
    /// <summary>Enters the forms; <see cref="Code.INVALID"/> stands for a form that does not exist.</summary>
    public static void Enter(HandlerTable table, Code legacy, Code vex128, Code vex256 = Code.INVALID)
    {
        if (legacy != Code.INVALID)
            table.Add(legacy, &LegacyRegister, &LegacyMemory, Guard.Sse);
        if (vex128 != Code.INVALID)
            table.Add(vex128, &Vex128Register, &Vex128Memory, Guard.Avx);
        if (vex256 != Code.INVALID)
            table.Add(vex256, &Vex256Register, &Vex256Memory, Guard.Avx);
    }

    private static Status LegacyRegister(Vcpu cpu, Op* op)
    {
        cpu.Xmm<byte>(op->Reg0) = TOperation.Apply(cpu.Xmm<byte>(op->Reg1), (byte)op->Immediate);
        return Status.Next;
    }

    private static Status LegacyMemory(Vcpu cpu, Op* op)
    {
        if (!cpu.ReadAligned<Vector128<byte>>(op, out var source))
            return cpu.FaultOrExit;
        cpu.Xmm<byte>(op->Reg0) = TOperation.Apply(source, (byte)op->Immediate);
        return Status.Next;
    }

    private static Status Vex128Register(Vcpu cpu, Op* op)
    {
        cpu.SetVex128(op->Reg0, TOperation.Apply(cpu.Xmm<byte>(op->Reg1), (byte)op->Immediate));
        return Status.Next;
    }

    private static Status Vex128Memory(Vcpu cpu, Op* op)
    {
        if (!cpu.Read<Vector128<byte>>(op, out var source))
            return cpu.FaultOrExit;
        cpu.SetVex128(op->Reg0, TOperation.Apply(source, (byte)op->Immediate));
        return Status.Next;
    }

    private static Status Vex256Register(Vcpu cpu, Op* op)
    {
        Set256(cpu, op, cpu.Xmm<byte>(op->Reg1), cpu.UpperLane(op->Reg1));
        return Status.Next;
    }

    private static Status Vex256Memory(Vcpu cpu, Op* op)
    {
        if (!cpu.Read<Vector256<byte>>(op, out var source))
            return cpu.FaultOrExit;
        Set256(cpu, op, source.GetLower(), source.GetUpper());
        return Status.Next;
    }

    private static void Set256(Vcpu cpu, Op* op, Vector128<byte> lower, Vector128<byte> upper) =>
        cpu.SetVex256(
            op->Reg0,
            TOperation.Apply(lower, (byte)op->Immediate),
            TOperation.Apply(upper, (byte)((byte)op->Immediate >> TOperation.UpperLaneShift)));
}
