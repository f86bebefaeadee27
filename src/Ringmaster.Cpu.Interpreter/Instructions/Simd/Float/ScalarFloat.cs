using System.Runtime.Intrinsics;
using Iced.Intel;
using Ringmaster.Cpu.Interpreter.Decoding;
using Ringmaster.Cpu.Interpreter.Execution;
using Ringmaster.Cpu.Interpreter.FloatingPoint;
using Ringmaster.Cpu.Interpreter.Instructions.Simd.Forms;

namespace Ringmaster.Cpu.Interpreter.Instructions.Simd.Float;

/// <summary>
/// The legacy and VEX forms of an operation on the lowest element. The rest of the low 128 bits stays in legacy forms and
/// comes from the first source in VEX forms.
/// </summary>
/// <typeparam name="TOperation">What is done.</typeparam>
/// <typeparam name="TSource">The second source's element.</typeparam>
/// <typeparam name="TResult">The result's element.</typeparam>
internal static unsafe class ScalarFloat<TOperation, TSource, TResult>
    where TOperation : struct, IScalarOperation<TSource, TResult>
    where TSource : unmanaged
    where TResult : unmanaged
{
    /// <summary>Enters the forms whose second source is a vector register or memory.</summary>
    public static void Enter(HandlerTable table, Code legacy, Code vex)
    {
        if (legacy != Code.INVALID)
            table.Add(legacy, &LegacyRegister, &LegacyMemory, Guard.Sse);
        if (vex != Code.INVALID)
            table.Add(vex, &VexRegister, &VexMemory, Guard.Avx);
    }

    /// <summary>Enters the forms whose second source is a general register or memory.</summary>
    public static void EnterFromGeneral(HandlerTable table, Code legacy, Code vex)
    {
        table.Add(legacy, &LegacyGeneral, &LegacyMemory, Guard.Sse);
        table.Add(vex, &VexGeneral, &VexMemory, Guard.Avx);
    }

    private static Status LegacyRegister(Vcpu cpu, Op* op) => Legacy(cpu, op, cpu.Xmm<TSource>(op->Reg1).ToScalar());

    private static Status LegacyGeneral(Vcpu cpu, Op* op) => Legacy(cpu, op, cpu.Reg<TSource>(op->Reg1));

    private static Status LegacyMemory(Vcpu cpu, Op* op) =>
        cpu.Read<TSource>(op, out var right) ? Legacy(cpu, op, right) : cpu.FaultOrExit;

    private static Status Legacy(Vcpu cpu, Op* op, TSource right)
    {
        ref var destination = ref cpu.Xmm<TResult>(op->Reg0);
        var status = Compute(cpu, op, destination.ToScalar(), right, out var result);
        if (status == Status.Next)
            destination = destination.WithElement(0, result);
        return status;
    }

    private static Status VexRegister(Vcpu cpu, Op* op) => Vex(cpu, op, cpu.Xmm<TSource>(op->Reg2).ToScalar());

    private static Status VexGeneral(Vcpu cpu, Op* op) => Vex(cpu, op, cpu.Reg<TSource>(op->Reg2));

    private static Status VexMemory(Vcpu cpu, Op* op) =>
        cpu.Read<TSource>(op, out var right) ? Vex(cpu, op, right) : cpu.FaultOrExit;

    private static Status Vex(Vcpu cpu, Op* op, TSource right)
    {
        var left = cpu.Xmm<TResult>(op->Reg1);
        var status = Compute(cpu, op, left.ToScalar(), right, out var result);
        if (status == Status.Next)
            cpu.SetVex128(op->Reg0, left.WithElement(0, result).AsByte());
        return status;
    }

    private static Status Compute(Vcpu cpu, Op* op, TResult left, TSource right, out TResult result)
    {
        if (cpu.HasDefaultMxcsr)
        {
            var inexact = (cpu.Fpu.Mxcsr & (uint)FloatExceptions.Inexact) != 0;
            if (TOperation.TryFast(left, right, ref inexact, out result))
            {
                if (inexact)
                    cpu.Fpu.Mxcsr |= (uint)FloatExceptions.Inexact;
                return Status.Next;
            }
        }
        var context = FloatContext.FromMxcsr(cpu.Fpu.Mxcsr);
        result = TOperation.Apply(left, right, (byte)op->Immediate, ref context);
        return cpu.Report(context);
    }
}
