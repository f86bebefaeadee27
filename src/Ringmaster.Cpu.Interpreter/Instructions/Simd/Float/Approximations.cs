using System.Runtime.Intrinsics;
using System.Runtime.Intrinsics.X86;
using Iced.Intel;
using Ringmaster.Cpu.Interpreter.FloatingPoint;

namespace Ringmaster.Cpu.Interpreter.Instructions.Simd.Float;

/// <summary>
/// RCPPS and RSQRTPS. The manuals only bound their error, and processors differ: the host's own answer is as good as any.
/// They depend on no bit of MXCSR and raise nothing (SDM 2B RCPPS).
/// </summary>
internal static class Approximations
{
    public static void Register(HandlerTable table)
    {
        PackedFloat<Reciprocals>.EnterUnary(
            table, Code.Rcpps_xmm_xmmm128, Code.VEX_Vrcpps_xmm_xmmm128, Code.VEX_Vrcpps_ymm_ymmm256);
        PackedFloat<ReciprocalRoots>.EnterUnary(
            table, Code.Rsqrtps_xmm_xmmm128, Code.VEX_Vrsqrtps_xmm_xmmm128, Code.VEX_Vrsqrtps_ymm_ymmm256);
        ScalarFloat<Reciprocal, uint, uint>.Enter(table, Code.Rcpss_xmm_xmmm32, Code.VEX_Vrcpss_xmm_xmm_xmmm32);
        ScalarFloat<ReciprocalRoot, uint, uint>.Enter(table, Code.Rsqrtss_xmm_xmmm32, Code.VEX_Vrsqrtss_xmm_xmm_xmmm32);
    }

    private struct Reciprocals : ILaneOperation
    {
        public static Vector128<byte> Apply(Vector128<byte> left, Vector128<byte> right, byte immediate, ref FloatContext context) =>
            Sse.Reciprocal(right.AsSingle()).AsByte();
    }

    private struct ReciprocalRoots : ILaneOperation
    {
        public static Vector128<byte> Apply(Vector128<byte> left, Vector128<byte> right, byte immediate, ref FloatContext context) =>
            Sse.ReciprocalSqrt(right.AsSingle()).AsByte();
    }

    private struct Reciprocal : IScalarOperation<uint, uint>
    {
        public static uint Apply(uint left, uint right, byte immediate, ref FloatContext context) =>
            Sse.ReciprocalScalar(Vector128.CreateScalar(right).AsSingle()).AsUInt32().ToScalar();
    }

    private struct ReciprocalRoot : IScalarOperation<uint, uint>
    {
        public static uint Apply(uint left, uint right, byte immediate, ref FloatContext context) =>
            Sse.ReciprocalSqrtScalar(Vector128.CreateScalar(right).AsSingle()).AsUInt32().ToScalar();
    }
}
