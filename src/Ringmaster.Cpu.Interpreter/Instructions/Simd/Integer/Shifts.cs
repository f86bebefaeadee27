using System.Runtime.Intrinsics;
using Iced.Intel;
using Ringmaster.Cpu.Interpreter.Decoding;
using Ringmaster.Cpu.Interpreter.Execution;
using Ringmaster.Cpu.Interpreter.Instructions.Simd.Forms;

namespace Ringmaster.Cpu.Interpreter.Instructions.Simd.Integer;

/// <summary>Shifts of all elements by one count: an immediate, or the low quadword of a register or of memory.</summary>
/// <typeparam name="TOperation">The shift.</typeparam>
internal static unsafe class Shifts<TOperation> where TOperation : struct, IShiftOperation
{
    public static void EnterByImmediate(HandlerTable table, Code legacy, Code vex128, Code vex256)
    {
        table.Add(legacy, &LegacyImmediate, Guard.Sse);
        table.Add(vex128, &Vex128Immediate, Guard.Avx);
        table.Add(vex256, &Vex256Immediate, Guard.Avx);
    }

    public static void EnterByCount(HandlerTable table, Code legacy, Code vex128, Code vex256)
    {
        table.Add(legacy, &LegacyRegister, &LegacyMemory, Guard.Sse);
        table.Add(vex128, &Vex128Register, &Vex128Memory, Guard.Avx);
        table.Add(vex256, &Vex256Register, &Vex256Memory, Guard.Avx);
    }

    private static Status LegacyImmediate(Vcpu cpu, Op* op)
    {
        ref var destination = ref cpu.Xmm<byte>(op->Reg0);
        destination = TOperation.Apply(destination, (byte)op->Immediate);
        return Status.Next;
    }

    private static Status Vex128Immediate(Vcpu cpu, Op* op)
    {
        cpu.SetVex128(op->Reg0, TOperation.Apply(cpu.Xmm<byte>(op->Reg1), (byte)op->Immediate));
        return Status.Next;
    }

    private static Status Vex256Immediate(Vcpu cpu, Op* op)
    {
        Set256(cpu, op, (byte)op->Immediate);
        return Status.Next;
    }

    private static Status LegacyRegister(Vcpu cpu, Op* op)
    {
        ref var destination = ref cpu.Xmm<byte>(op->Reg0);
        destination = TOperation.Apply(destination, cpu.Xmm<ulong>(op->Reg1).ToScalar());
        return Status.Next;
    }

    private static Status LegacyMemory(Vcpu cpu, Op* op)
    {
        if (!cpu.ReadAligned<Vector128<ulong>>(op, out var count))
            return cpu.FaultOrExit;
        ref var destination = ref cpu.Xmm<byte>(op->Reg0);
        destination = TOperation.Apply(destination, count.ToScalar());
        return Status.Next;
    }

    private static Status Vex128Register(Vcpu cpu, Op* op)
    {
        cpu.SetVex128(op->Reg0, TOperation.Apply(cpu.Xmm<byte>(op->Reg1), cpu.Xmm<ulong>(op->Reg2).ToScalar()));
        return Status.Next;
    }

    private static Status Vex128Memory(Vcpu cpu, Op* op)
    {
        if (!cpu.Read<Vector128<ulong>>(op, out var count))
            return cpu.FaultOrExit;
        cpu.SetVex128(op->Reg0, TOperation.Apply(cpu.Xmm<byte>(op->Reg1), count.ToScalar()));
        return Status.Next;
    }

    private static Status Vex256Register(Vcpu cpu, Op* op)
    {
        Set256(cpu, op, cpu.Xmm<ulong>(op->Reg2).ToScalar());
        return Status.Next;
    }

    private static Status Vex256Memory(Vcpu cpu, Op* op)
    {
        if (!cpu.Read<Vector128<ulong>>(op, out var count))
            return cpu.FaultOrExit;
        Set256(cpu, op, count.ToScalar());
        return Status.Next;
    }

    private static void Set256(Vcpu cpu, Op* op, ulong count) =>
        cpu.SetVex256(op->Reg0, TOperation.Apply(cpu.Xmm<byte>(op->Reg1), count), TOperation.Apply(cpu.UpperLane(op->Reg1), count));
}
