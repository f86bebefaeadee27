using System.Runtime.Intrinsics;
using Iced.Intel;
using Ringmaster.Cpu.Interpreter.Decoding;
using Ringmaster.Cpu.Interpreter.Execution;
using Ringmaster.Cpu.Interpreter.FloatingPoint;
using Ringmaster.Cpu.Interpreter.Instructions.Simd.Forms;

namespace Ringmaster.Cpu.Interpreter.Instructions.Simd.Float;

/// <summary>One operation of FMA3 in one operand order: packed and scalar, single and double.</summary>
internal static unsafe class FusedMultiplyAdd<TSigns, TOrder>
    where TSigns : struct, IFusedSigns
    where TOrder : struct, IFusedOrder
{
    public static void EnterPacked<T>(HandlerTable table, Code vex128, Code vex256) where T : unmanaged
    {
        table.Add(vex128, &Packed128Register<T>, &Packed128Memory<T>, Guard.Avx);
        table.Add(vex256, &Packed256Register<T>, &Packed256Memory<T>, Guard.Avx);
    }

    public static void EnterScalar<T>(HandlerTable table, Code vex) where T : unmanaged =>
        table.Add(vex, &ScalarRegister<T>, &ScalarMemory<T>, Guard.Avx);

    private static Status Packed128Register<T>(Vcpu cpu, Op* op) where T : unmanaged => Packed128(cpu, op, cpu.Xmm<T>(op->Reg2));

    private static Status Packed128Memory<T>(Vcpu cpu, Op* op) where T : unmanaged =>
        cpu.Read<Vector128<T>>(op, out var third) ? Packed128(cpu, op, third) : cpu.FaultOrExit;

    private static Status Packed128<T>(Vcpu cpu, Op* op, Vector128<T> third) where T : unmanaged
    {
        var context = FloatContext.FromMxcsr(cpu.Fpu.Mxcsr);
        var result = cpu.Xmm<T>(op->Reg0);
        var second = cpu.Xmm<T>(op->Reg1);
        for (var i = 0; i < Vector128<T>.Count; i++)
            result = result.WithElement(i, Compute(result.GetElement(i), second.GetElement(i), third.GetElement(i), i, ref context));
        var status = cpu.Report(context);
        if (status == Status.Next)
            cpu.SetVex128(op->Reg0, result.AsByte());
        return status;
    }

    private static Status Packed256Register<T>(Vcpu cpu, Op* op) where T : unmanaged => Packed256(cpu, op, cpu.Ymm<T>(op->Reg2));

    private static Status Packed256Memory<T>(Vcpu cpu, Op* op) where T : unmanaged =>
        cpu.Read<Vector256<T>>(op, out var third) ? Packed256(cpu, op, third) : cpu.FaultOrExit;

    private static Status Packed256<T>(Vcpu cpu, Op* op, Vector256<T> third) where T : unmanaged
    {
        var context = FloatContext.FromMxcsr(cpu.Fpu.Mxcsr);
        var result = cpu.Ymm<T>(op->Reg0);
        var second = cpu.Ymm<T>(op->Reg1);
        for (var i = 0; i < Vector256<T>.Count; i++)
            result = result.WithElement(i, Compute(result.GetElement(i), second.GetElement(i), third.GetElement(i), i, ref context));
        var status = cpu.Report(context);
        if (status == Status.Next)
            cpu.SetVex256(op->Reg0, result.AsByte());
        return status;
    }

    private static Status ScalarRegister<T>(Vcpu cpu, Op* op) where T : unmanaged => Scalar(cpu, op, cpu.Xmm<T>(op->Reg2).ToScalar());

    private static Status ScalarMemory<T>(Vcpu cpu, Op* op) where T : unmanaged =>
        cpu.Read<T>(op, out var third) ? Scalar(cpu, op, third) : cpu.FaultOrExit;

    private static Status Scalar<T>(Vcpu cpu, Op* op, T third) where T : unmanaged
    {
        var context = FloatContext.FromMxcsr(cpu.Fpu.Mxcsr);
        var first = cpu.Xmm<T>(op->Reg0);
        var result = Compute(first.ToScalar(), cpu.Xmm<T>(op->Reg1).ToScalar(), third, 0, ref context);
        var status = cpu.Report(context);
        if (status == Status.Next)
            cpu.SetVex128(op->Reg0, first.WithElement(0, result).AsByte());
        return status;
    }

    private static T Compute<T>(T first, T second, T third, int element, ref FloatContext context) where T : unmanaged
    {
        var (left, right, addend) = TOrder.Arrange(first, second, third);
        var (negatesProduct, negatesAddend) = (TSigns.NegatesProduct, TSigns.NegatesAddend(element));
        if (typeof(T) == typeof(uint))
        {
            return (T)(object)SoftFloat.Fma32(
                (uint)(object)left, (uint)(object)right, (uint)(object)addend, negatesProduct, negatesAddend, ref context);
        }
        return (T)(object)SoftFloat.Fma64(
            (ulong)(object)left, (ulong)(object)right, (ulong)(object)addend, negatesProduct, negatesAddend, ref context);
    }
}
