using System.Runtime.Intrinsics;
using Iced.Intel;
using Ringmaster.Cpu.Interpreter.Instructions.Simd.Forms;

namespace Ringmaster.Cpu.Interpreter.Instructions.Simd.Integer;

/// <summary>Bitwise logic and integer comparison.</summary>
internal static class Logic
{
    public static void Register(HandlerTable table)
    {
        Binary<And>.Enter(table, Code.Pand_xmm_xmmm128, Code.VEX_Vpand_xmm_xmm_xmmm128, Code.VEX_Vpand_ymm_ymm_ymmm256);
        Binary<And>.Enter(table, Code.Andps_xmm_xmmm128, Code.VEX_Vandps_xmm_xmm_xmmm128, Code.VEX_Vandps_ymm_ymm_ymmm256);
        Binary<And>.Enter(table, Code.Andpd_xmm_xmmm128, Code.VEX_Vandpd_xmm_xmm_xmmm128, Code.VEX_Vandpd_ymm_ymm_ymmm256);
        Binary<AndNot>.Enter(table, Code.Pandn_xmm_xmmm128, Code.VEX_Vpandn_xmm_xmm_xmmm128, Code.VEX_Vpandn_ymm_ymm_ymmm256);
        Binary<AndNot>.Enter(table, Code.Andnps_xmm_xmmm128, Code.VEX_Vandnps_xmm_xmm_xmmm128, Code.VEX_Vandnps_ymm_ymm_ymmm256);
        Binary<AndNot>.Enter(table, Code.Andnpd_xmm_xmmm128, Code.VEX_Vandnpd_xmm_xmm_xmmm128, Code.VEX_Vandnpd_ymm_ymm_ymmm256);
        Binary<Or>.Enter(table, Code.Por_xmm_xmmm128, Code.VEX_Vpor_xmm_xmm_xmmm128, Code.VEX_Vpor_ymm_ymm_ymmm256);
        Binary<Or>.Enter(table, Code.Orps_xmm_xmmm128, Code.VEX_Vorps_xmm_xmm_xmmm128, Code.VEX_Vorps_ymm_ymm_ymmm256);
        Binary<Or>.Enter(table, Code.Orpd_xmm_xmmm128, Code.VEX_Vorpd_xmm_xmm_xmmm128, Code.VEX_Vorpd_ymm_ymm_ymmm256);
        Binary<Xor>.Enter(table, Code.Pxor_xmm_xmmm128, Code.VEX_Vpxor_xmm_xmm_xmmm128, Code.VEX_Vpxor_ymm_ymm_ymmm256);
        Binary<Xor>.Enter(table, Code.Xorps_xmm_xmmm128, Code.VEX_Vxorps_xmm_xmm_xmmm128, Code.VEX_Vxorps_ymm_ymm_ymmm256);
        Binary<Xor>.Enter(table, Code.Xorpd_xmm_xmmm128, Code.VEX_Vxorpd_xmm_xmm_xmmm128, Code.VEX_Vxorpd_ymm_ymm_ymmm256);
        Binary<AreEqual<byte>>.Enter(table, Code.Pcmpeqb_xmm_xmmm128, Code.VEX_Vpcmpeqb_xmm_xmm_xmmm128, Code.VEX_Vpcmpeqb_ymm_ymm_ymmm256);
        Binary<AreEqual<short>>.Enter(
            table, Code.Pcmpeqw_xmm_xmmm128, Code.VEX_Vpcmpeqw_xmm_xmm_xmmm128, Code.VEX_Vpcmpeqw_ymm_ymm_ymmm256);
        Binary<AreEqual<int>>.Enter(table, Code.Pcmpeqd_xmm_xmmm128, Code.VEX_Vpcmpeqd_xmm_xmm_xmmm128, Code.VEX_Vpcmpeqd_ymm_ymm_ymmm256);
        Binary<AreEqual<long>>.Enter(table, Code.Pcmpeqq_xmm_xmmm128, Code.VEX_Vpcmpeqq_xmm_xmm_xmmm128, Code.VEX_Vpcmpeqq_ymm_ymm_ymmm256);
        Binary<IsGreater<sbyte>>.Enter(
            table, Code.Pcmpgtb_xmm_xmmm128, Code.VEX_Vpcmpgtb_xmm_xmm_xmmm128, Code.VEX_Vpcmpgtb_ymm_ymm_ymmm256);
        Binary<IsGreater<short>>.Enter(
            table, Code.Pcmpgtw_xmm_xmmm128, Code.VEX_Vpcmpgtw_xmm_xmm_xmmm128, Code.VEX_Vpcmpgtw_ymm_ymm_ymmm256);
        Binary<IsGreater<int>>.Enter(table, Code.Pcmpgtd_xmm_xmmm128, Code.VEX_Vpcmpgtd_xmm_xmm_xmmm128, Code.VEX_Vpcmpgtd_ymm_ymm_ymmm256);
        Binary<IsGreater<long>>.Enter(
            table, Code.Pcmpgtq_xmm_xmmm128, Code.VEX_Vpcmpgtq_xmm_xmm_xmmm128, Code.VEX_Vpcmpgtq_ymm_ymm_ymmm256);
    }

    private struct And : IBinaryOperation
    {
        public static Vector128<byte> Apply(Vector128<byte> left, Vector128<byte> right, byte immediate) => left & right;
    }

    /// <summary>The first source is the inverted one.</summary>
    private struct AndNot : IBinaryOperation
    {
        public static Vector128<byte> Apply(Vector128<byte> left, Vector128<byte> right, byte immediate) => Vector128.AndNot(right, left);
    }

    private struct Or : IBinaryOperation
    {
        public static Vector128<byte> Apply(Vector128<byte> left, Vector128<byte> right, byte immediate) => left | right;
    }

    private struct Xor : IBinaryOperation
    {
        public static Vector128<byte> Apply(Vector128<byte> left, Vector128<byte> right, byte immediate) => left ^ right;
    }

    private struct AreEqual<T> : IBinaryOperation where T : unmanaged
    {
        public static Vector128<byte> Apply(Vector128<byte> left, Vector128<byte> right, byte immediate) =>
            Vector128.Equals(left.As<byte, T>(), right.As<byte, T>()).AsByte();
    }

    private struct IsGreater<T> : IBinaryOperation where T : unmanaged
    {
        public static Vector128<byte> Apply(Vector128<byte> left, Vector128<byte> right, byte immediate) =>
            Vector128.GreaterThan(left.As<byte, T>(), right.As<byte, T>()).AsByte();
    }
}
