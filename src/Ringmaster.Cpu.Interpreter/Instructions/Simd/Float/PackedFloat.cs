using System.Runtime.Intrinsics;
using Iced.Intel;
using Ringmaster.Cpu.Interpreter.Decoding;
using Ringmaster.Cpu.Interpreter.Execution;
using Ringmaster.Cpu.Interpreter.FloatingPoint;
using Ringmaster.Cpu.Interpreter.Instructions.Simd.Forms;

namespace Ringmaster.Cpu.Interpreter.Instructions.Simd.Float;

/// <summary>The legacy, VEX.128 and VEX.256 forms of a packed operation. Nothing is written if an exception is unmasked.</summary>
/// <typeparam name="TLane">What is done to a lane.</typeparam>
internal static unsafe class PackedFloat<TLane> where TLane : struct, ILaneOperation
{
    /// <summary>Enters the forms with two sources.</summary>
    public static void EnterBinary(HandlerTable table, Code legacy, Code vex128, Code vex256 = Code.INVALID)
    {
        if (legacy != Code.INVALID)
            table.Add(legacy, &LegacyRegister, &LegacyMemory, Guard.Sse);
        if (vex128 != Code.INVALID)
            table.Add(vex128, &Binary128Register, &Binary128Memory, Guard.Avx);
        if (vex256 != Code.INVALID)
            table.Add(vex256, &Binary256Register, &Binary256Memory, Guard.Avx);
    }

    /// <summary>Enters the forms with one source.</summary>
    public static void EnterUnary(HandlerTable table, Code legacy, Code vex128, Code vex256)
    {
        table.Add(legacy, &LegacyRegister, &LegacyMemory, Guard.Sse);
        table.Add(vex128, &Unary128Register, &Unary128Memory, Guard.Avx);
        table.Add(vex256, &Unary256Register, &Unary256Memory, Guard.Avx);
    }

    private static Status LegacyRegister(Vcpu cpu, Op* op) => Legacy(cpu, op, cpu.Xmm<byte>(op->Reg1));

    private static Status LegacyMemory(Vcpu cpu, Op* op) =>
        cpu.ReadAligned<Vector128<byte>>(op, out var right) ? Legacy(cpu, op, right) : cpu.FaultOrExit;

    private static Status Legacy(Vcpu cpu, Op* op, Vector128<byte> right)
    {
        var context = FloatContext.FromMxcsr(cpu.Fpu.Mxcsr);
        var result = Apply(cpu.Xmm<byte>(op->Reg0), right, (byte)op->Immediate, ref context);
        var status = cpu.Report(context);
        if (status == Status.Next)
            cpu.Xmm<byte>(op->Reg0) = result;
        return status;
    }

    private static Status Binary128Register(Vcpu cpu, Op* op) => Vex128(cpu, op, cpu.Xmm<byte>(op->Reg1), cpu.Xmm<byte>(op->Reg2));

    private static Status Binary128Memory(Vcpu cpu, Op* op) =>
        cpu.Read<Vector128<byte>>(op, out var right) ? Vex128(cpu, op, cpu.Xmm<byte>(op->Reg1), right) : cpu.FaultOrExit;

    private static Status Unary128Register(Vcpu cpu, Op* op) => Vex128(cpu, op, default, cpu.Xmm<byte>(op->Reg1));

    private static Status Unary128Memory(Vcpu cpu, Op* op) =>
        cpu.Read<Vector128<byte>>(op, out var right) ? Vex128(cpu, op, default, right) : cpu.FaultOrExit;

    private static Status Vex128(Vcpu cpu, Op* op, Vector128<byte> left, Vector128<byte> right)
    {
        var context = FloatContext.FromMxcsr(cpu.Fpu.Mxcsr);
        var result = Apply(left, right, (byte)op->Immediate, ref context);
        var status = cpu.Report(context);
        if (status == Status.Next)
            cpu.SetVex128(op->Reg0, result);
        return status;
    }

    private static Status Binary256Register(Vcpu cpu, Op* op) => Vex256(cpu, op, cpu.Ymm<byte>(op->Reg1), cpu.Ymm<byte>(op->Reg2));

    private static Status Binary256Memory(Vcpu cpu, Op* op) =>
        cpu.Read<Vector256<byte>>(op, out var right) ? Vex256(cpu, op, cpu.Ymm<byte>(op->Reg1), right) : cpu.FaultOrExit;

    private static Status Unary256Register(Vcpu cpu, Op* op) => Vex256(cpu, op, default, cpu.Ymm<byte>(op->Reg1));

    private static Status Unary256Memory(Vcpu cpu, Op* op) =>
        cpu.Read<Vector256<byte>>(op, out var right) ? Vex256(cpu, op, default, right) : cpu.FaultOrExit;

    private static Status Vex256(Vcpu cpu, Op* op, Vector256<byte> left, Vector256<byte> right)
    {
        var context = FloatContext.FromMxcsr(cpu.Fpu.Mxcsr);
        var lower = TLane.Apply(left.GetLower(), right.GetLower(), (byte)op->Immediate, ref context);
        var upper = TLane.Apply(left.GetUpper(), right.GetUpper(), (byte)op->Immediate, ref context);
        for (var step = 1; step <= TLane.LaterSteps && context.TryNextStep(); step++)
        {
            lower = TLane.ApplyLater(step, lower, (byte)op->Immediate, ref context);
            upper = TLane.ApplyLater(step, upper, (byte)op->Immediate, ref context);
        }
        var status = cpu.Report(context);
        if (status == Status.Next)
            cpu.SetVex256(op->Reg0, lower, upper);
        return status;
    }

    private static Vector128<byte> Apply(Vector128<byte> left, Vector128<byte> right, byte immediate, ref FloatContext context)
    {
        var result = TLane.Apply(left, right, immediate, ref context);
        for (var step = 1; step <= TLane.LaterSteps && context.TryNextStep(); step++)
            result = TLane.ApplyLater(step, result, immediate, ref context);
        return result;
    }
}
