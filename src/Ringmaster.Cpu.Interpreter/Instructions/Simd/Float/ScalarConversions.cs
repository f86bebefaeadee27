using System.Runtime.Intrinsics;
using Iced.Intel;
using Ringmaster.Cpu.Interpreter.Decoding;
using Ringmaster.Cpu.Interpreter.Execution;
using Ringmaster.Cpu.Interpreter.FloatingPoint;

namespace Ringmaster.Cpu.Interpreter.Instructions.Simd.Float;

/// <summary>Conversions of one element: between the formats, from general registers and to them.</summary>
internal static unsafe class ScalarConversions
{
    public static void Register(HandlerTable table)
    {
        ScalarFloat<Widen, uint, ulong>.Enter(table, Code.Cvtss2sd_xmm_xmmm32, Code.VEX_Vcvtss2sd_xmm_xmm_xmmm32);
        ScalarFloat<Narrow, ulong, uint>.Enter(table, Code.Cvtsd2ss_xmm_xmmm64, Code.VEX_Vcvtsd2ss_xmm_xmm_xmmm64);
        ScalarFloat<FromInt32, int, uint>.EnterFromGeneral(table, Code.Cvtsi2ss_xmm_rm32, Code.VEX_Vcvtsi2ss_xmm_xmm_rm32);
        ScalarFloat<FromInt64, long, uint>.EnterFromGeneral(table, Code.Cvtsi2ss_xmm_rm64, Code.VEX_Vcvtsi2ss_xmm_xmm_rm64);
        ScalarFloat<FromInt32, int, ulong>.EnterFromGeneral(table, Code.Cvtsi2sd_xmm_rm32, Code.VEX_Vcvtsi2sd_xmm_xmm_rm32);
        ScalarFloat<FromInt64, long, ulong>.EnterFromGeneral(table, Code.Cvtsi2sd_xmm_rm64, Code.VEX_Vcvtsi2sd_xmm_xmm_rm64);

        Enter32<Rounded, int>(table, Code.Cvtss2si_r32_xmmm32, Code.VEX_Vcvtss2si_r32_xmmm32);
        Enter32<Rounded, long>(table, Code.Cvtss2si_r64_xmmm32, Code.VEX_Vcvtss2si_r64_xmmm32);
        Enter32<Truncated, int>(table, Code.Cvttss2si_r32_xmmm32, Code.VEX_Vcvttss2si_r32_xmmm32);
        Enter32<Truncated, long>(table, Code.Cvttss2si_r64_xmmm32, Code.VEX_Vcvttss2si_r64_xmmm32);
        Enter64<Rounded, int>(table, Code.Cvtsd2si_r32_xmmm64, Code.VEX_Vcvtsd2si_r32_xmmm64);
        Enter64<Rounded, long>(table, Code.Cvtsd2si_r64_xmmm64, Code.VEX_Vcvtsd2si_r64_xmmm64);
        Enter64<Truncated, int>(table, Code.Cvttsd2si_r32_xmmm64, Code.VEX_Vcvttsd2si_r32_xmmm64);
        Enter64<Truncated, long>(table, Code.Cvttsd2si_r64_xmmm64, Code.VEX_Vcvttsd2si_r64_xmmm64);
    }

    private static void Enter32<TMode, T>(HandlerTable table, Code legacy, Code vex)
        where TMode : struct, IMode
        where T : unmanaged
    {
        table.Add(legacy, &Register32<TMode, T>, &Memory32<TMode, T>, Guard.Sse);
        table.Add(vex, &Register32<TMode, T>, &Memory32<TMode, T>, Guard.Avx);
    }

    private static void Enter64<TMode, T>(HandlerTable table, Code legacy, Code vex)
        where TMode : struct, IMode
        where T : unmanaged
    {
        table.Add(legacy, &Register64<TMode, T>, &Memory64<TMode, T>, Guard.Sse);
        table.Add(vex, &Register64<TMode, T>, &Memory64<TMode, T>, Guard.Avx);
    }

    private static Status Register32<TMode, T>(Vcpu cpu, Op* op)
        where TMode : struct, IMode
        where T : unmanaged =>
        ToGeneral32<TMode, T>(cpu, op, cpu.Xmm<uint>(op->Reg1).ToScalar());

    private static Status Memory32<TMode, T>(Vcpu cpu, Op* op)
        where TMode : struct, IMode
        where T : unmanaged =>
        cpu.Read<uint>(op, out var source) ? ToGeneral32<TMode, T>(cpu, op, source) : cpu.FaultOrExit;

    private static Status Register64<TMode, T>(Vcpu cpu, Op* op)
        where TMode : struct, IMode
        where T : unmanaged =>
        ToGeneral64<TMode, T>(cpu, op, cpu.Xmm<ulong>(op->Reg1).ToScalar());

    private static Status Memory64<TMode, T>(Vcpu cpu, Op* op)
        where TMode : struct, IMode
        where T : unmanaged =>
        cpu.Read<ulong>(op, out var source) ? ToGeneral64<TMode, T>(cpu, op, source) : cpu.FaultOrExit;

    private static Status ToGeneral32<TMode, T>(Vcpu cpu, Op* op, uint source)
        where TMode : struct, IMode
        where T : unmanaged
    {
        var context = FloatContext.FromMxcsr(cpu.Fpu.Mxcsr);
        return Finish<T>(cpu, op, SoftFloat.ToInteger32(source, sizeof(T) * 8, TMode.Rounding(context), ref context), context);
    }

    private static Status ToGeneral64<TMode, T>(Vcpu cpu, Op* op, ulong source)
        where TMode : struct, IMode
        where T : unmanaged
    {
        var number = BitConverter.UInt64BitsToDouble(source);
        if (TMode.Truncates && cpu.HasDefaultMxcsr && Math.Abs(number) < (sizeof(T) == 8 ? 9.2e18 : 2147483648.0))
        {
            var integer = (long)number;
            if (integer != number)
                cpu.Fpu.Mxcsr |= (uint)FloatExceptions.Inexact;
            return Write<T>(cpu, op, integer);
        }
        var context = FloatContext.FromMxcsr(cpu.Fpu.Mxcsr);
        return Finish<T>(cpu, op, SoftFloat.ToInteger64(source, sizeof(T) * 8, TMode.Rounding(context), ref context), context);
    }

    private static Status Finish<T>(Vcpu cpu, Op* op, long result, in FloatContext context) where T : unmanaged
    {
        var status = cpu.Report(context);
        return status == Status.Next ? Write<T>(cpu, op, result) : status;
    }

    private static Status Write<T>(Vcpu cpu, Op* op, long result) where T : unmanaged
    {
        cpu.R64(op->Reg0) = sizeof(T) == 8 ? (ulong)result : (uint)result;
        return Status.Next;
    }

    private interface IMode
    {
        static abstract bool Truncates { get; }

        static abstract FloatRounding Rounding(in FloatContext context);
    }

    private struct Rounded : IMode
    {
        public static bool Truncates => false;

        public static FloatRounding Rounding(in FloatContext context) => context.Rounding;
    }

    private struct Truncated : IMode
    {
        public static bool Truncates => true;

        public static FloatRounding Rounding(in FloatContext context) => FloatRounding.Zero;
    }

    private struct Widen : IScalarOperation<uint, ulong>
    {
        public static ulong Apply(ulong left, uint right, byte immediate, ref FloatContext context) =>
            SoftFloat.Convert32To64(right, ref context);

        public static bool TryFast(ulong left, uint right, ref bool inexact, out ulong result)
        {
            result = BitConverter.DoubleToUInt64Bits(BitConverter.UInt32BitsToSingle(right));
            return HostArithmetic.IsNormalOrZero(right);
        }
    }

    private struct Narrow : IScalarOperation<ulong, uint>
    {
        public static uint Apply(uint left, ulong right, byte immediate, ref FloatContext context) =>
            SoftFloat.Convert64To32(right, ref context);
    }

    private struct FromInt32 : IScalarOperation<int, uint>, IScalarOperation<int, ulong>
    {
        public static uint Apply(uint left, int right, byte immediate, ref FloatContext context) =>
            SoftFloat.FromInteger32(right, ref context);

        public static ulong Apply(ulong left, int right, byte immediate, ref FloatContext context) =>
            SoftFloat.FromInteger64(right, ref context);

        public static bool TryFast(uint left, int right, ref bool inexact, out uint result)
        {
            var number = (float)right;
            inexact = inexact || number != (double)right;
            result = BitConverter.SingleToUInt32Bits(number);
            return true;
        }

        public static bool TryFast(ulong left, int right, ref bool inexact, out ulong result)
        {
            result = BitConverter.DoubleToUInt64Bits(right);
            return true;
        }
    }

    private struct FromInt64 : IScalarOperation<long, uint>, IScalarOperation<long, ulong>
    {
        public static uint Apply(uint left, long right, byte immediate, ref FloatContext context) =>
            SoftFloat.FromInteger32(right, ref context);

        public static ulong Apply(ulong left, long right, byte immediate, ref FloatContext context) =>
            SoftFloat.FromInteger64(right, ref context);
    }
}
