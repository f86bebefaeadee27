using System.Runtime.Intrinsics;
using System.Runtime.Intrinsics.X86;
using Iced.Intel;
using Ringmaster.Cpu.Interpreter.Instructions.Simd.Forms;

namespace Ringmaster.Cpu.Interpreter.Instructions.Simd.Integer;

/// <summary>Packed integer multiplication.</summary>
internal static class IntegerMultiplication
{
    public static void Register(HandlerTable table)
    {
        Binary<Low<short>>.Enter(table, Code.Pmullw_xmm_xmmm128, Code.VEX_Vpmullw_xmm_xmm_xmmm128, Code.VEX_Vpmullw_ymm_ymm_ymmm256);
        Binary<Low<int>>.Enter(table, Code.Pmulld_xmm_xmmm128, Code.VEX_Vpmulld_xmm_xmm_xmmm128, Code.VEX_Vpmulld_ymm_ymm_ymmm256);
        Binary<HighSigned>.Enter(table, Code.Pmulhw_xmm_xmmm128, Code.VEX_Vpmulhw_xmm_xmm_xmmm128, Code.VEX_Vpmulhw_ymm_ymm_ymmm256);
        Binary<HighUnsigned>.Enter(table, Code.Pmulhuw_xmm_xmmm128, Code.VEX_Vpmulhuw_xmm_xmm_xmmm128, Code.VEX_Vpmulhuw_ymm_ymm_ymmm256);
        Binary<HighRounded>.Enter(table, Code.Pmulhrsw_xmm_xmmm128, Code.VEX_Vpmulhrsw_xmm_xmm_xmmm128, Code.VEX_Vpmulhrsw_ymm_ymm_ymmm256);
        Binary<AddAdjacentProducts>.Enter(
            table, Code.Pmaddwd_xmm_xmmm128, Code.VEX_Vpmaddwd_xmm_xmm_xmmm128, Code.VEX_Vpmaddwd_ymm_ymm_ymmm256);
        Binary<AddAdjacentByteProducts>.Enter(
            table, Code.Pmaddubsw_xmm_xmmm128, Code.VEX_Vpmaddubsw_xmm_xmm_xmmm128, Code.VEX_Vpmaddubsw_ymm_ymm_ymmm256);
        Binary<EvenUnsigned>.Enter(table, Code.Pmuludq_xmm_xmmm128, Code.VEX_Vpmuludq_xmm_xmm_xmmm128, Code.VEX_Vpmuludq_ymm_ymm_ymmm256);
        Binary<EvenSigned>.Enter(table, Code.Pmuldq_xmm_xmmm128, Code.VEX_Vpmuldq_xmm_xmm_xmmm128, Code.VEX_Vpmuldq_ymm_ymm_ymmm256);
        Binary<AbsoluteDifferences>.Enter(
            table, Code.Psadbw_xmm_xmmm128, Code.VEX_Vpsadbw_xmm_xmm_xmmm128, Code.VEX_Vpsadbw_ymm_ymm_ymmm256);
        Binary<SlidingDifferences>.Enter(
            table, Code.Mpsadbw_xmm_xmmm128_imm8, Code.VEX_Vmpsadbw_xmm_xmm_xmmm128_imm8, Code.VEX_Vmpsadbw_ymm_ymm_ymmm256_imm8);
        Unary<HorizontalMinimum>.Enter(table, Code.Phminposuw_xmm_xmmm128, Code.VEX_Vphminposuw_xmm_xmmm128);
    }

    private struct Low<T> : IBinaryOperation where T : unmanaged
    {
        public static Vector128<byte> Apply(Vector128<byte> left, Vector128<byte> right, byte immediate) =>
            (left.As<byte, T>() * right.As<byte, T>()).AsByte();
    }

    private struct HighSigned : IBinaryOperation
    {
        public static Vector128<byte> Apply(Vector128<byte> left, Vector128<byte> right, byte immediate) =>
            Sse2.MultiplyHigh(left.AsInt16(), right.AsInt16()).AsByte();
    }

    private struct HighUnsigned : IBinaryOperation
    {
        public static Vector128<byte> Apply(Vector128<byte> left, Vector128<byte> right, byte immediate) =>
            Sse2.MultiplyHigh(left.AsUInt16(), right.AsUInt16()).AsByte();
    }

    /// <summary>Bits 15 to 30 of the product, rounded to nearest.</summary>
    private struct HighRounded : IBinaryOperation
    {
        public static Vector128<byte> Apply(Vector128<byte> left, Vector128<byte> right, byte immediate) =>
            Vector128.Narrow(
                Round(Vector128.WidenLower(left.AsInt16()), Vector128.WidenLower(right.AsInt16())),
                Round(Vector128.WidenUpper(left.AsInt16()), Vector128.WidenUpper(right.AsInt16()))).AsByte();

        private static Vector128<int> Round(Vector128<int> left, Vector128<int> right) =>
            (left * right + Vector128.Create(0x4000)) >> 15;
    }

    private struct AddAdjacentProducts : IBinaryOperation
    {
        public static Vector128<byte> Apply(Vector128<byte> left, Vector128<byte> right, byte immediate) =>
            Sse2.MultiplyAddAdjacent(left.AsInt16(), right.AsInt16()).AsByte();
    }

    /// <summary>Unsigned bytes of the first source times signed bytes of the second; the products themselves fit.</summary>
    private struct AddAdjacentByteProducts : IBinaryOperation
    {
        public static Vector128<byte> Apply(Vector128<byte> left, Vector128<byte> right, byte immediate)
        {
            var even = (left.AsInt16() & Vector128.Create((short)0xFF)) * ((right.AsInt16() << 8) >> 8);
            var odd = (left.AsInt16() >>> 8) * (right.AsInt16() >> 8);
            return Sse2.AddSaturate(even, odd).AsByte();
        }
    }

    private struct EvenUnsigned : IBinaryOperation
    {
        public static Vector128<byte> Apply(Vector128<byte> left, Vector128<byte> right, byte immediate) =>
            Sse2.Multiply(left.AsUInt32(), right.AsUInt32()).AsByte();
    }

    private struct EvenSigned : IBinaryOperation
    {
        public static Vector128<byte> Apply(Vector128<byte> left, Vector128<byte> right, byte immediate) =>
            Vector128.Create(
                (long)left.AsInt32().GetElement(0) * right.AsInt32().GetElement(0),
                (long)left.AsInt32().GetElement(2) * right.AsInt32().GetElement(2)).AsByte();
    }

    private struct AbsoluteDifferences : IBinaryOperation
    {
        public static Vector128<byte> Apply(Vector128<byte> left, Vector128<byte> right, byte immediate) =>
            Sse2.SumAbsoluteDifferences(left, right).AsByte();
    }

    /// <summary>Eight sums of four absolute differences at sliding offsets; each lane has its own three immediate bits.</summary>
    private struct SlidingDifferences : IBinaryOperation
    {
        public static int UpperLaneShift => 3;

        public static Vector128<byte> Apply(Vector128<byte> left, Vector128<byte> right, byte immediate)
        {
            var (first, second) = (immediate & 4, (immediate & 3) * 4);
            var sums = Vector128<ushort>.Zero;
            for (var i = 0; i < 8; i++)
            {
                var sum = 0;
                for (var j = 0; j < 4; j++)
                    sum += Math.Abs(left.GetElement(first + i + j) - right.GetElement(second + j));
                sums = sums.WithElement(i, (ushort)sum);
            }
            return sums.AsByte();
        }
    }

    private struct HorizontalMinimum : IUnaryOperation
    {
        public static Vector128<byte> Apply(Vector128<byte> source, byte immediate)
        {
            var position = 0;
            for (var i = 1; i < 8; i++)
            {
                if (source.AsUInt16().GetElement(i) < source.AsUInt16().GetElement(position))
                    position = i;
            }
            return Vector128.CreateScalar((uint)(source.AsUInt16().GetElement(position) | (position << 16))).AsByte();
        }
    }
}
