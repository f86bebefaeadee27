using System.Runtime.Intrinsics;
using System.Runtime.Intrinsics.X86;
using Iced.Intel;
using Ringmaster.Cpu.Interpreter.Instructions.Simd.Forms;

namespace Ringmaster.Cpu.Interpreter.Instructions.Simd.Shuffles;

/// <summary>Interleaving of two sources, and packing with saturation.</summary>
internal static class Unpacking
{
    public static void Register(HandlerTable table)
    {
        Binary<LowBytes>.Enter(table, Code.Punpcklbw_xmm_xmmm128, Code.VEX_Vpunpcklbw_xmm_xmm_xmmm128, Code.VEX_Vpunpcklbw_ymm_ymm_ymmm256);
        Binary<LowWords>.Enter(table, Code.Punpcklwd_xmm_xmmm128, Code.VEX_Vpunpcklwd_xmm_xmm_xmmm128, Code.VEX_Vpunpcklwd_ymm_ymm_ymmm256);
        Binary<LowDoublewords>.Enter(
            table, Code.Punpckldq_xmm_xmmm128, Code.VEX_Vpunpckldq_xmm_xmm_xmmm128, Code.VEX_Vpunpckldq_ymm_ymm_ymmm256);
        Binary<LowQuadwords>.Enter(
            table, Code.Punpcklqdq_xmm_xmmm128, Code.VEX_Vpunpcklqdq_xmm_xmm_xmmm128, Code.VEX_Vpunpcklqdq_ymm_ymm_ymmm256);
        Binary<HighBytes>.Enter(
            table, Code.Punpckhbw_xmm_xmmm128, Code.VEX_Vpunpckhbw_xmm_xmm_xmmm128, Code.VEX_Vpunpckhbw_ymm_ymm_ymmm256);
        Binary<HighWords>.Enter(
            table, Code.Punpckhwd_xmm_xmmm128, Code.VEX_Vpunpckhwd_xmm_xmm_xmmm128, Code.VEX_Vpunpckhwd_ymm_ymm_ymmm256);
        Binary<HighDoublewords>.Enter(
            table, Code.Punpckhdq_xmm_xmmm128, Code.VEX_Vpunpckhdq_xmm_xmm_xmmm128, Code.VEX_Vpunpckhdq_ymm_ymm_ymmm256);
        Binary<HighQuadwords>.Enter(
            table, Code.Punpckhqdq_xmm_xmmm128, Code.VEX_Vpunpckhqdq_xmm_xmm_xmmm128, Code.VEX_Vpunpckhqdq_ymm_ymm_ymmm256);
        Binary<LowDoublewords>.Enter(
            table, Code.Unpcklps_xmm_xmmm128, Code.VEX_Vunpcklps_xmm_xmm_xmmm128, Code.VEX_Vunpcklps_ymm_ymm_ymmm256);
        Binary<LowQuadwords>.Enter(
            table, Code.Unpcklpd_xmm_xmmm128, Code.VEX_Vunpcklpd_xmm_xmm_xmmm128, Code.VEX_Vunpcklpd_ymm_ymm_ymmm256);
        Binary<HighDoublewords>.Enter(
            table, Code.Unpckhps_xmm_xmmm128, Code.VEX_Vunpckhps_xmm_xmm_xmmm128, Code.VEX_Vunpckhps_ymm_ymm_ymmm256);
        Binary<HighQuadwords>.Enter(
            table, Code.Unpckhpd_xmm_xmmm128, Code.VEX_Vunpckhpd_xmm_xmm_xmmm128, Code.VEX_Vunpckhpd_ymm_ymm_ymmm256);
        Binary<PackSignedWords>.Enter(
            table, Code.Packsswb_xmm_xmmm128, Code.VEX_Vpacksswb_xmm_xmm_xmmm128, Code.VEX_Vpacksswb_ymm_ymm_ymmm256);
        Binary<PackSignedDoublewords>.Enter(
            table, Code.Packssdw_xmm_xmmm128, Code.VEX_Vpackssdw_xmm_xmm_xmmm128, Code.VEX_Vpackssdw_ymm_ymm_ymmm256);
        Binary<PackUnsignedWords>.Enter(
            table, Code.Packuswb_xmm_xmmm128, Code.VEX_Vpackuswb_xmm_xmm_xmmm128, Code.VEX_Vpackuswb_ymm_ymm_ymmm256);
        Binary<PackUnsignedDoublewords>.Enter(
            table, Code.Packusdw_xmm_xmmm128, Code.VEX_Vpackusdw_xmm_xmm_xmmm128, Code.VEX_Vpackusdw_ymm_ymm_ymmm256);
    }

    private struct LowBytes : IBinaryOperation
    {
        public static Vector128<byte> Apply(Vector128<byte> left, Vector128<byte> right, byte immediate) => Sse2.UnpackLow(left, right);
    }

    private struct LowWords : IBinaryOperation
    {
        public static Vector128<byte> Apply(Vector128<byte> left, Vector128<byte> right, byte immediate) =>
            Sse2.UnpackLow(left.AsInt16(), right.AsInt16()).AsByte();
    }

    private struct LowDoublewords : IBinaryOperation
    {
        public static Vector128<byte> Apply(Vector128<byte> left, Vector128<byte> right, byte immediate) =>
            Sse2.UnpackLow(left.AsInt32(), right.AsInt32()).AsByte();
    }

    private struct LowQuadwords : IBinaryOperation
    {
        public static Vector128<byte> Apply(Vector128<byte> left, Vector128<byte> right, byte immediate) =>
            Sse2.UnpackLow(left.AsInt64(), right.AsInt64()).AsByte();
    }

    private struct HighBytes : IBinaryOperation
    {
        public static Vector128<byte> Apply(Vector128<byte> left, Vector128<byte> right, byte immediate) => Sse2.UnpackHigh(left, right);
    }

    private struct HighWords : IBinaryOperation
    {
        public static Vector128<byte> Apply(Vector128<byte> left, Vector128<byte> right, byte immediate) =>
            Sse2.UnpackHigh(left.AsInt16(), right.AsInt16()).AsByte();
    }

    private struct HighDoublewords : IBinaryOperation
    {
        public static Vector128<byte> Apply(Vector128<byte> left, Vector128<byte> right, byte immediate) =>
            Sse2.UnpackHigh(left.AsInt32(), right.AsInt32()).AsByte();
    }

    private struct HighQuadwords : IBinaryOperation
    {
        public static Vector128<byte> Apply(Vector128<byte> left, Vector128<byte> right, byte immediate) =>
            Sse2.UnpackHigh(left.AsInt64(), right.AsInt64()).AsByte();
    }

    private struct PackSignedWords : IBinaryOperation
    {
        public static Vector128<byte> Apply(Vector128<byte> left, Vector128<byte> right, byte immediate) =>
            Sse2.PackSignedSaturate(left.AsInt16(), right.AsInt16()).AsByte();
    }

    private struct PackSignedDoublewords : IBinaryOperation
    {
        public static Vector128<byte> Apply(Vector128<byte> left, Vector128<byte> right, byte immediate) =>
            Sse2.PackSignedSaturate(left.AsInt32(), right.AsInt32()).AsByte();
    }

    private struct PackUnsignedWords : IBinaryOperation
    {
        public static Vector128<byte> Apply(Vector128<byte> left, Vector128<byte> right, byte immediate) =>
            Sse2.PackUnsignedSaturate(left.AsInt16(), right.AsInt16());
    }

    private struct PackUnsignedDoublewords : IBinaryOperation
    {
        public static Vector128<byte> Apply(Vector128<byte> left, Vector128<byte> right, byte immediate) =>
            Vector128.Narrow(Clamp(left.AsInt32()), Clamp(right.AsInt32())).AsByte();

        private static Vector128<uint> Clamp(Vector128<int> value) =>
            Vector128.Min(Vector128.Max(value, Vector128<int>.Zero), Vector128.Create(0xFFFF)).AsUInt32();
    }
}
