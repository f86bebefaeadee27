using System.Runtime.CompilerServices;
using System.Runtime.Intrinsics;
using Iced.Intel;
using Ringmaster.Cpu.Interpreter.Decoding;
using Ringmaster.Cpu.Interpreter.Execution;
using Ringmaster.Cpu.Interpreter.FloatingPoint;
using Ringmaster.Cpu.Interpreter.Instructions.Simd.Forms;

namespace Ringmaster.Cpu.Interpreter.Instructions.Simd.Float;

/// <summary>
/// Packed conversions whose source and result elements may differ in width. As many elements are converted as the longer
/// side holds; what is left of the low 128 bits becomes zero.
/// </summary>
/// <typeparam name="TOperation">The conversion of one element.</typeparam>
/// <typeparam name="TSource">Source element.</typeparam>
/// <typeparam name="TResult">Result element.</typeparam>
internal static unsafe class PackedConversions<TOperation, TSource, TResult>
    where TOperation : struct, IScalarOperation<TSource, TResult>
    where TSource : unmanaged
    where TResult : unmanaged
{
    private static int Widest => Math.Max(sizeof(TSource), sizeof(TResult));

    /// <summary>Enters the forms; memory operands are whole or half vectors, as the elements' widths demand.</summary>
    public static void Enter(HandlerTable table, Code legacy, Code vex128, Code vex256)
    {
        if (legacy != Code.INVALID)
            table.Add(legacy, &LegacyRegister, &LegacyMemory, Guard.Sse);
        table.Add(vex128, &Vex128Register, &Vex128Memory, Guard.Avx);
        table.Add(vex256, &Vex256Register, &Vex256Memory, Guard.Avx);
    }

    private static Status LegacyRegister(Vcpu cpu, Op* op) => Legacy(cpu, op, cpu.Xmm<byte>(op->Reg1).ToVector256());

    private static Status LegacyMemory(Vcpu cpu, Op* op) =>
        Read(cpu, op, 16, sizeof(TSource) >= sizeof(TResult), out var source) ? Legacy(cpu, op, source) : cpu.FaultOrExit;

    private static Status Legacy(Vcpu cpu, Op* op, Vector256<byte> source)
    {
        var context = FloatContext.FromMxcsr(cpu.Fpu.Mxcsr);
        var result = Convert(source, 16 / Widest, (byte)op->Immediate, ref context);
        var status = cpu.Report(context);
        if (status == Status.Next)
            cpu.Xmm<byte>(op->Reg0) = result.GetLower();
        return status;
    }

    private static Status Vex128Register(Vcpu cpu, Op* op) => Vex(cpu, op, cpu.Xmm<byte>(op->Reg1).ToVector256(), 16);

    private static Status Vex128Memory(Vcpu cpu, Op* op) =>
        Read(cpu, op, 16, false, out var source) ? Vex(cpu, op, source, 16) : cpu.FaultOrExit;

    private static Status Vex256Register(Vcpu cpu, Op* op) => Vex(cpu, op, cpu.Ymm<byte>(op->Reg1), 32);

    private static Status Vex256Memory(Vcpu cpu, Op* op) =>
        Read(cpu, op, 32, false, out var source) ? Vex(cpu, op, source, 32) : cpu.FaultOrExit;

    private static Status Vex(Vcpu cpu, Op* op, Vector256<byte> source, int bytes)
    {
        var context = FloatContext.FromMxcsr(cpu.Fpu.Mxcsr);
        var result = Convert(source, bytes / Widest, (byte)op->Immediate, ref context);
        var status = cpu.Report(context);
        if (status == Status.Next)
            cpu.SetVex256(op->Reg0, result);
        return status;
    }

    private static Vector256<byte> Convert(Vector256<byte> source, int count, byte immediate, ref FloatContext context)
    {
        var result = Vector256<byte>.Zero;
        // SAFETY: count elements of the wider side fill at most 32 bytes.
        var from = (TSource*)&source;
        var to = (TResult*)&result;
        for (var i = 0; i < count; i++)
            to[i] = TOperation.Apply(default, from[i], immediate, ref context);
        return result;
    }

    private static bool Read(Vcpu cpu, Op* op, int bytes, bool aligned, out Vector256<byte> source)
    {
        source = default;
        switch (bytes / Widest * sizeof(TSource))
        {
            case 8:
                return cpu.Read(op, out Unsafe.As<Vector256<byte>, ulong>(ref source));
            case 16:
                return aligned
                    ? cpu.ReadAligned(op, out Unsafe.As<Vector256<byte>, Vector128<byte>>(ref source))
                    : cpu.Read(op, out Unsafe.As<Vector256<byte>, Vector128<byte>>(ref source));
            default:
                return cpu.Read(op, out source);
        }
    }
}
