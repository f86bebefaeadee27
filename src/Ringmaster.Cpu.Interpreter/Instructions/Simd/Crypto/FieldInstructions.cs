using System.Numerics;
using System.Runtime.Intrinsics;
using System.Runtime.Intrinsics.X86;
using Iced.Intel;
using Ringmaster.Cpu.Interpreter.Instructions.Simd.Forms;

namespace Ringmaster.Cpu.Interpreter.Instructions.Simd.Crypto;

/// <summary>Carry-less multiplication, and GFNI.</summary>
internal static class FieldInstructions
{
    public static void Register(HandlerTable table)
    {
        Binary<CarryLess>.Enter(
            table, Code.Pclmulqdq_xmm_xmmm128_imm8, Code.VEX_Vpclmulqdq_xmm_xmm_xmmm128_imm8, Code.VEX_Vpclmulqdq_ymm_ymm_ymmm256_imm8);
        Binary<FieldProduct>.Enter(
            table, Code.Gf2p8mulb_xmm_xmmm128, Code.VEX_Vgf2p8mulb_xmm_xmm_xmmm128, Code.VEX_Vgf2p8mulb_ymm_ymm_ymmm256);
        Binary<Affine>.Enter(
            table, Code.Gf2p8affineqb_xmm_xmmm128_imm8, Code.VEX_Vgf2p8affineqb_xmm_xmm_xmmm128_imm8,
            Code.VEX_Vgf2p8affineqb_ymm_ymm_ymmm256_imm8);
        Binary<AffineOfInverse>.Enter(
            table, Code.Gf2p8affineinvqb_xmm_xmmm128_imm8, Code.VEX_Vgf2p8affineinvqb_xmm_xmm_xmmm128_imm8,
            Code.VEX_Vgf2p8affineinvqb_ymm_ymm_ymmm256_imm8);
    }

    private struct CarryLess : IBinaryOperation
    {
        public static Vector128<byte> Apply(Vector128<byte> left, Vector128<byte> right, byte immediate)
        {
            var first = left.AsUInt64().GetElement(immediate & 1);
            var second = right.AsUInt64().GetElement((immediate >> 4) & 1);
            if (Pclmulqdq.IsSupported)
                return Pclmulqdq.CarrylessMultiply(Vector128.CreateScalar(first), Vector128.CreateScalar(second), 0).AsByte();
            var product = UInt128.Zero;
            for (; second != 0; second &= second - 1)
                product ^= (UInt128)first << BitOperations.TrailingZeroCount(second);
            return Vector128.Create((ulong)product, (ulong)(product >> 64)).AsByte();
        }
    }

    private struct FieldProduct : IBinaryOperation
    {
        public static Vector128<byte> Apply(Vector128<byte> left, Vector128<byte> right, byte immediate)
        {
            for (var i = 0; i < 16; i++)
                left = left.WithElement(i, BinaryField.Multiply(left.GetElement(i), right.GetElement(i)));
            return left;
        }
    }

    private struct Affine : IBinaryOperation
    {
        public static Vector128<byte> Apply(Vector128<byte> left, Vector128<byte> right, byte immediate)
        {
            for (var i = 0; i < 16; i++)
                left = left.WithElement(i, Transform(left.GetElement(i), right.AsUInt64().GetElement(i / 8), immediate));
            return left;
        }
    }

    private struct AffineOfInverse : IBinaryOperation
    {
        public static Vector128<byte> Apply(Vector128<byte> left, Vector128<byte> right, byte immediate)
        {
            for (var i = 0; i < 16; i++)
            {
                var inverse = BinaryField.Inverse(left.GetElement(i));
                left = left.WithElement(i, Transform(inverse, right.AsUInt64().GetElement(i / 8), immediate));
            }
            return left;
        }
    }

    /// <summary>The matrix times the value, plus a constant; the matrix's top row is its lowest byte (SDM 2A GF2P8AFFINEQB).</summary>
    private static byte Transform(byte value, ulong matrix, byte constant)
    {
        var result = 0;
        for (var i = 0; i < 8; i++)
        {
            var row = (byte)(matrix >> (8 * (7 - i)));
            result |= (BitOperations.PopCount((uint)(row & value)) & 1) << i;
        }
        return (byte)(result ^ constant);
    }
}
