using System.Runtime.Intrinsics;
using Iced.Intel;
using Ringmaster.Cpu.Interpreter.Decoding;
using Ringmaster.Cpu.Interpreter.Execution;
using Ringmaster.Cpu.Interpreter.FloatingPoint;
using Ringmaster.Cpu.Interpreter.Instructions.Simd.Forms;

namespace Ringmaster.Cpu.Interpreter.Instructions.Simd.Float;

/// <summary>Packed conversions, and those between single and half precision.</summary>
internal static unsafe class ConversionInstructions
{
    public static void Register(HandlerTable table)
    {
        PackedConversions<SingleToDouble, uint, ulong>.Enter(
            table, Code.Cvtps2pd_xmm_xmmm64, Code.VEX_Vcvtps2pd_xmm_xmmm64, Code.VEX_Vcvtps2pd_ymm_xmmm128);
        PackedConversions<DoubleToSingle, ulong, uint>.Enter(
            table, Code.Cvtpd2ps_xmm_xmmm128, Code.VEX_Vcvtpd2ps_xmm_xmmm128, Code.VEX_Vcvtpd2ps_xmm_ymmm256);
        PackedConversions<IntegerToSingle, int, uint>.Enter(
            table, Code.Cvtdq2ps_xmm_xmmm128, Code.VEX_Vcvtdq2ps_xmm_xmmm128, Code.VEX_Vcvtdq2ps_ymm_ymmm256);
        PackedConversions<IntegerToDouble, int, ulong>.Enter(
            table, Code.Cvtdq2pd_xmm_xmmm64, Code.VEX_Vcvtdq2pd_xmm_xmmm64, Code.VEX_Vcvtdq2pd_ymm_xmmm128);
        PackedConversions<SingleToInteger, uint, int>.Enter(
            table, Code.Cvtps2dq_xmm_xmmm128, Code.VEX_Vcvtps2dq_xmm_xmmm128, Code.VEX_Vcvtps2dq_ymm_ymmm256);
        PackedConversions<SingleToTruncatedInteger, uint, int>.Enter(
            table, Code.Cvttps2dq_xmm_xmmm128, Code.VEX_Vcvttps2dq_xmm_xmmm128, Code.VEX_Vcvttps2dq_ymm_ymmm256);
        PackedConversions<DoubleToInteger, ulong, int>.Enter(
            table, Code.Cvtpd2dq_xmm_xmmm128, Code.VEX_Vcvtpd2dq_xmm_xmmm128, Code.VEX_Vcvtpd2dq_xmm_ymmm256);
        PackedConversions<DoubleToTruncatedInteger, ulong, int>.Enter(
            table, Code.Cvttpd2dq_xmm_xmmm128, Code.VEX_Vcvttpd2dq_xmm_xmmm128, Code.VEX_Vcvttpd2dq_xmm_ymmm256);
        PackedConversions<HalfToSingle, ushort, uint>.Enter(
            table, Code.INVALID, Code.VEX_Vcvtph2ps_xmm_xmmm64, Code.VEX_Vcvtph2ps_ymm_xmmm128);
        table.Add(Code.VEX_Vcvtps2ph_xmmm64_xmm_imm8, &ToHalf128Register, &ToHalf128Memory, Guard.Avx);
        table.Add(Code.VEX_Vcvtps2ph_xmmm128_ymm_imm8, &ToHalf256Register, &ToHalf256Memory, Guard.Avx);
    }

    private static Status ToHalf128Register(Vcpu cpu, Op* op)
    {
        ToHalf(cpu, op, 4, out var result, out var context);
        var status = cpu.Report(context);
        if (status == Status.Next)
            cpu.SetVex128(op->Reg0, result);
        return status;
    }

    private static Status ToHalf256Register(Vcpu cpu, Op* op)
    {
        ToHalf(cpu, op, 8, out var result, out var context);
        var status = cpu.Report(context);
        if (status == Status.Next)
            cpu.SetVex128(op->Reg0, result);
        return status;
    }

    // An unmasked exception forbids the store, but a fault of the operand comes before both; the sticky flags only change once the store has succeeded.
    private static Status ToHalf128Memory(Vcpu cpu, Op* op)
    {
        ToHalf(cpu, op, 4, out var result, out var context);
        if (context.HasUnmasked)
            return cpu.ProbeOperand(op, 8) ? cpu.Report(context) : cpu.FaultOrExit;
        return cpu.Write(op, result.AsUInt64().ToScalar()) ? cpu.Report(context) : cpu.FaultOrExit;
    }

    private static Status ToHalf256Memory(Vcpu cpu, Op* op)
    {
        ToHalf(cpu, op, 8, out var result, out var context);
        if (context.HasUnmasked)
            return cpu.ProbeOperand(op, 16) ? cpu.Report(context) : cpu.FaultOrExit;
        return cpu.Write(op, result) ? cpu.Report(context) : cpu.FaultOrExit;
    }

    private static void ToHalf(Vcpu cpu, Op* op, int count, out Vector128<byte> result, out FloatContext context)
    {
        context = FloatContext.FromMxcsr(cpu.Fpu.Mxcsr);
        var rounding = (op->Immediate & 4) != 0 ? context.Rounding : (FloatRounding)(op->Immediate & 3);
        var source = cpu.Ymm<uint>(op->Reg1);
        var halves = Vector128<ushort>.Zero;
        for (var i = 0; i < count; i++)
            halves = halves.WithElement(i, SoftFloat.Convert32To16(source.GetElement(i), rounding, ref context));
        result = halves.AsByte();
    }

    private struct SingleToDouble : IScalarOperation<uint, ulong>
    {
        public static ulong Apply(ulong left, uint right, byte immediate, ref FloatContext context) =>
            SoftFloat.Convert32To64(right, ref context);
    }

    private struct DoubleToSingle : IScalarOperation<ulong, uint>
    {
        public static uint Apply(uint left, ulong right, byte immediate, ref FloatContext context) =>
            SoftFloat.Convert64To32(right, ref context);
    }

    private struct IntegerToSingle : IScalarOperation<int, uint>
    {
        public static uint Apply(uint left, int right, byte immediate, ref FloatContext context) =>
            SoftFloat.FromInteger32(right, ref context);
    }

    private struct IntegerToDouble : IScalarOperation<int, ulong>
    {
        public static ulong Apply(ulong left, int right, byte immediate, ref FloatContext context) =>
            BitConverter.DoubleToUInt64Bits(right);
    }

    private struct SingleToInteger : IScalarOperation<uint, int>
    {
        public static int Apply(int left, uint right, byte immediate, ref FloatContext context) =>
            (int)SoftFloat.ToInteger32(right, 32, context.Rounding, ref context);
    }

    private struct SingleToTruncatedInteger : IScalarOperation<uint, int>
    {
        public static int Apply(int left, uint right, byte immediate, ref FloatContext context) =>
            (int)SoftFloat.ToInteger32(right, 32, FloatRounding.Zero, ref context);
    }

    private struct DoubleToInteger : IScalarOperation<ulong, int>
    {
        public static int Apply(int left, ulong right, byte immediate, ref FloatContext context) =>
            (int)SoftFloat.ToInteger64(right, 32, context.Rounding, ref context);
    }

    private struct DoubleToTruncatedInteger : IScalarOperation<ulong, int>
    {
        public static int Apply(int left, ulong right, byte immediate, ref FloatContext context) =>
            (int)SoftFloat.ToInteger64(right, 32, FloatRounding.Zero, ref context);
    }

    private struct HalfToSingle : IScalarOperation<ushort, uint>
    {
        public static uint Apply(uint left, ushort right, byte immediate, ref FloatContext context) =>
            SoftFloat.Convert16To32(right, ref context);
    }
}
