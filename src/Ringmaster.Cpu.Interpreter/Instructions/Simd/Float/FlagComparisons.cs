using System.Runtime.Intrinsics;
using Iced.Intel;
using Ringmaster.Cpu.Interpreter.Decoding;
using Ringmaster.Cpu.Interpreter.Execution;
using Ringmaster.Cpu.Interpreter.Flags;
using Ringmaster.Cpu.Interpreter.FloatingPoint;

namespace Ringmaster.Cpu.Interpreter.Instructions.Simd.Float;

/// <summary>COMISS, COMISD, UCOMISS and UCOMISD: comparisons into RFLAGS. The unordered ones are quiet for quiet NaNs.</summary>
internal static unsafe class FlagComparisons
{
    public static void Register(HandlerTable table)
    {
        table.Add(Code.Comiss_xmm_xmmm32, &Register32<Signaling>, &Memory32<Signaling>, Guard.Sse);
        table.Add(Code.Comisd_xmm_xmmm64, &Register64<Signaling>, &Memory64<Signaling>, Guard.Sse);
        table.Add(Code.Ucomiss_xmm_xmmm32, &Register32<Quiet>, &Memory32<Quiet>, Guard.Sse);
        table.Add(Code.Ucomisd_xmm_xmmm64, &Register64<Quiet>, &Memory64<Quiet>, Guard.Sse);
        table.Add(Code.VEX_Vcomiss_xmm_xmmm32, &Register32<Signaling>, &Memory32<Signaling>, Guard.Avx);
        table.Add(Code.VEX_Vcomisd_xmm_xmmm64, &Register64<Signaling>, &Memory64<Signaling>, Guard.Avx);
        table.Add(Code.VEX_Vucomiss_xmm_xmmm32, &Register32<Quiet>, &Memory32<Quiet>, Guard.Avx);
        table.Add(Code.VEX_Vucomisd_xmm_xmmm64, &Register64<Quiet>, &Memory64<Quiet>, Guard.Avx);
    }

    private static Status Register32<TMode>(Vcpu cpu, Op* op) where TMode : struct, IMode =>
        Compare<TMode>(cpu, cpu.Xmm<uint>(op->Reg0).ToScalar(), cpu.Xmm<uint>(op->Reg1).ToScalar());

    private static Status Memory32<TMode>(Vcpu cpu, Op* op) where TMode : struct, IMode =>
        cpu.Read<uint>(op, out var right) ? Compare<TMode>(cpu, cpu.Xmm<uint>(op->Reg0).ToScalar(), right) : cpu.FaultOrExit;

    private static Status Register64<TMode>(Vcpu cpu, Op* op) where TMode : struct, IMode =>
        Compare<TMode>(cpu, cpu.Xmm<ulong>(op->Reg0).ToScalar(), cpu.Xmm<ulong>(op->Reg1).ToScalar());

    private static Status Memory64<TMode>(Vcpu cpu, Op* op) where TMode : struct, IMode =>
        cpu.Read<ulong>(op, out var right) ? Compare<TMode>(cpu, cpu.Xmm<ulong>(op->Reg0).ToScalar(), right) : cpu.FaultOrExit;

    private static Status Compare<TMode>(Vcpu cpu, uint left, uint right) where TMode : struct, IMode
    {
        if (cpu.HasDefaultMxcsr && HostArithmetic.IsNormalOrZero(left) && HostArithmetic.IsNormalOrZero(right))
            return SetFlags(cpu, BitConverter.UInt32BitsToSingle(left), BitConverter.UInt32BitsToSingle(right));
        var context = FloatContext.FromMxcsr(cpu.Fpu.Mxcsr);
        return Finish(cpu, SoftFloat.Compare32(left, right, TMode.IsQuiet, ref context), context);
    }

    private static Status Compare<TMode>(Vcpu cpu, ulong left, ulong right) where TMode : struct, IMode
    {
        if (cpu.HasDefaultMxcsr && HostArithmetic.IsNormalOrZero(left) && HostArithmetic.IsNormalOrZero(right))
            return SetFlags(cpu, BitConverter.UInt64BitsToDouble(left), BitConverter.UInt64BitsToDouble(right));
        var context = FloatContext.FromMxcsr(cpu.Fpu.Mxcsr);
        return Finish(cpu, SoftFloat.Compare64(left, right, TMode.IsQuiet, ref context), context);
    }

    private static Status SetFlags(Vcpu cpu, double left, double right)
    {
        cpu.SetStatus((left == right ? Rflags.Zero : 0) | (left < right ? Rflags.Carry : 0));
        return Status.Next;
    }

    private static Status Finish(Vcpu cpu, FloatRelation relation, in FloatContext context)
    {
        var status = cpu.Report(context);
        if (status == Status.Next)
        {
            cpu.SetStatus(relation switch
            {
                FloatRelation.Greater => 0,
                FloatRelation.Less => Rflags.Carry,
                FloatRelation.Equal => Rflags.Zero,
                _ => Rflags.Zero | Rflags.Parity | Rflags.Carry,
            });
        }
        return status;
    }

    private interface IMode
    {
        static abstract bool IsQuiet { get; }
    }

    private struct Quiet : IMode
    {
        public static bool IsQuiet => true;
    }

    private struct Signaling : IMode
    {
        public static bool IsQuiet => false;
    }
}
