using System.Runtime.Intrinsics;
using Iced.Intel;
using Ringmaster.Cpu.Interpreter.Decoding;
using Ringmaster.Cpu.Interpreter.Execution;
using Ringmaster.Cpu.Interpreter.FloatingPoint;
using Ringmaster.Cpu.State;

namespace Ringmaster.Cpu.Interpreter.Instructions.Simd.Float;

/// <summary>
/// Conversions between MMX and XMM registers. Using an MMX register makes the x87 stack's top zero and all its tags
/// valid, after an exception that the x87 still holds back (SDM 1 9.5.1, 11.6.7).
/// </summary>
internal static unsafe class MmxConversions
{
    private const ushort TopMask = 7 << 11, ExceptionSummary = 1 << 7;

    public static void Register(HandlerTable table)
    {
        table.Add(Code.Cvtpi2ps_xmm_mmm64, &IntegersToSingles, &IntegersToSinglesMemory, Guard.Sse);
        table.Add(Code.Cvtpi2pd_xmm_mmm64, &IntegersToDoubles, &IntegersToDoublesMemory, Guard.Sse);
        table.Add(Code.Cvtps2pi_mm_xmmm64, &SinglesRegister<Rounded>, &SinglesMemory<Rounded>, Guard.Sse);
        table.Add(Code.Cvttps2pi_mm_xmmm64, &SinglesRegister<Truncated>, &SinglesMemory<Truncated>, Guard.Sse);
        table.Add(Code.Cvtpd2pi_mm_xmmm128, &DoublesRegister<Rounded>, &DoublesMemory<Rounded>, Guard.Sse);
        table.Add(Code.Cvttpd2pi_mm_xmmm128, &DoublesRegister<Truncated>, &DoublesMemory<Truncated>, Guard.Sse);
    }

    private static bool HasPendingException(Vcpu cpu) => (cpu.Fpu.StatusWord & ExceptionSummary) != 0;

    private static void EnterMmx(Vcpu cpu)
    {
        cpu.Fpu.StatusWord &= unchecked((ushort)~TopMask);
        cpu.Fpu.TagWord = 0xFF;
    }

    private static void SetMmx(Vcpu cpu, byte register, ulong value)
    {
        EnterMmx(cpu);
        cpu.Fpu.Registers[register] = new FloatRegister(value, 0xFFFF);
    }

    private static Status IntegersToSingles(Vcpu cpu, Op* op) =>
        HasPendingException(cpu)
            ? cpu.Raise(Vector.FloatingPoint) : ToSingles(cpu, op, cpu.Fpu.Registers[op->Reg1].Significand, usesMmx: true);

    private static Status IntegersToSinglesMemory(Vcpu cpu, Op* op) =>
        cpu.Read<ulong>(op, out var source) ? ToSingles(cpu, op, source, usesMmx: false) : cpu.FaultOrExit;

    private static Status ToSingles(Vcpu cpu, Op* op, ulong source, bool usesMmx)
    {
        var context = FloatContext.FromMxcsr(cpu.Fpu.Mxcsr);
        var low = SoftFloat.FromInteger32((int)source, ref context);
        var high = SoftFloat.FromInteger32((int)(source >> 32), ref context);
        var status = cpu.Report(context);
        if (status != Status.Next)
            return status;
        ref var destination = ref cpu.Xmm<ulong>(op->Reg0);
        destination = destination.WithElement(0, low | ((ulong)high << 32));
        if (usesMmx)
            EnterMmx(cpu);
        return Status.Next;
    }

    private static Status IntegersToDoubles(Vcpu cpu, Op* op)
    {
        if (HasPendingException(cpu))
            return cpu.Raise(Vector.FloatingPoint);
        EnterMmx(cpu);
        return ToDoubles(cpu, op, cpu.Fpu.Registers[op->Reg1].Significand);
    }

    private static Status IntegersToDoublesMemory(Vcpu cpu, Op* op) =>
        cpu.Read<ulong>(op, out var source) ? ToDoubles(cpu, op, source) : cpu.FaultOrExit;

    private static Status ToDoubles(Vcpu cpu, Op* op, ulong source)
    {
        cpu.Xmm<double>(op->Reg0) = Vector128.Create((double)(int)source, (int)(source >> 32));
        return Status.Next;
    }

    private static Status SinglesRegister<TMode>(Vcpu cpu, Op* op) where TMode : struct, IMode =>
        FromSingles<TMode>(cpu, op, cpu.Xmm<ulong>(op->Reg1).ToScalar());

    private static Status SinglesMemory<TMode>(Vcpu cpu, Op* op) where TMode : struct, IMode =>
        HasPendingException(cpu) ? cpu.Raise(Vector.FloatingPoint)
            : cpu.Read<ulong>(op, out var source) ? FromSingles<TMode>(cpu, op, source) : cpu.FaultOrExit;

    private static Status FromSingles<TMode>(Vcpu cpu, Op* op, ulong source) where TMode : struct, IMode
    {
        if (HasPendingException(cpu))
            return cpu.Raise(Vector.FloatingPoint);
        var context = FloatContext.FromMxcsr(cpu.Fpu.Mxcsr);
        var low = (uint)SoftFloat.ToInteger32((uint)source, 32, TMode.Rounding(context), ref context);
        var high = (uint)SoftFloat.ToInteger32((uint)(source >> 32), 32, TMode.Rounding(context), ref context);
        return Finish(cpu, op, low | ((ulong)high << 32), context);
    }

    private static Status DoublesRegister<TMode>(Vcpu cpu, Op* op) where TMode : struct, IMode =>
        FromDoubles<TMode>(cpu, op, cpu.Xmm<ulong>(op->Reg1));

    private static Status DoublesMemory<TMode>(Vcpu cpu, Op* op) where TMode : struct, IMode =>
        HasPendingException(cpu) ? cpu.Raise(Vector.FloatingPoint)
            : cpu.ReadAligned<Vector128<ulong>>(op, out var source) ? FromDoubles<TMode>(cpu, op, source) : cpu.FaultOrExit;

    private static Status FromDoubles<TMode>(Vcpu cpu, Op* op, Vector128<ulong> source) where TMode : struct, IMode
    {
        if (HasPendingException(cpu))
            return cpu.Raise(Vector.FloatingPoint);
        var context = FloatContext.FromMxcsr(cpu.Fpu.Mxcsr);
        var low = (uint)SoftFloat.ToInteger64(source[0], 32, TMode.Rounding(context), ref context);
        var high = (uint)SoftFloat.ToInteger64(source[1], 32, TMode.Rounding(context), ref context);
        return Finish(cpu, op, low | ((ulong)high << 32), context);
    }

    private static Status Finish(Vcpu cpu, Op* op, ulong result, in FloatContext context)
    {
        var status = cpu.Report(context);
        if (status == Status.Next)
            SetMmx(cpu, op->Reg0, result);
        return status;
    }

    private interface IMode
    {
        static abstract FloatRounding Rounding(in FloatContext context);
    }

    private struct Rounded : IMode
    {
        public static FloatRounding Rounding(in FloatContext context) => context.Rounding;
    }

    private struct Truncated : IMode
    {
        public static FloatRounding Rounding(in FloatContext context) => FloatRounding.Zero;
    }
}
