using System.Runtime.Intrinsics;
using System.Runtime.Intrinsics.X86;
using Iced.Intel;
using Ringmaster.Cpu.Interpreter.Instructions.Simd.Forms;

namespace Ringmaster.Cpu.Interpreter.Instructions.Simd.Shuffles;

/// <summary>Shuffles within a 128-bit lane.</summary>
internal static unsafe class Permuting
{
    public static void Register(HandlerTable table)
    {
        Binary<ShuffleBytes>.Enter(table, Code.Pshufb_xmm_xmmm128, Code.VEX_Vpshufb_xmm_xmm_xmmm128, Code.VEX_Vpshufb_ymm_ymm_ymmm256);
        Unary<ShuffleDoublewords>.Enter(
            table, Code.Pshufd_xmm_xmmm128_imm8, Code.VEX_Vpshufd_xmm_xmmm128_imm8, Code.VEX_Vpshufd_ymm_ymmm256_imm8);
        Unary<ShuffleLowWords>.Enter(
            table, Code.Pshuflw_xmm_xmmm128_imm8, Code.VEX_Vpshuflw_xmm_xmmm128_imm8, Code.VEX_Vpshuflw_ymm_ymmm256_imm8);
        Unary<ShuffleHighWords>.Enter(
            table, Code.Pshufhw_xmm_xmmm128_imm8, Code.VEX_Vpshufhw_xmm_xmmm128_imm8, Code.VEX_Vpshufhw_ymm_ymmm256_imm8);
        Binary<ShuffleSingles>.Enter(
            table, Code.Shufps_xmm_xmmm128_imm8, Code.VEX_Vshufps_xmm_xmm_xmmm128_imm8, Code.VEX_Vshufps_ymm_ymm_ymmm256_imm8);
        Binary<ShuffleDoubles>.Enter(
            table, Code.Shufpd_xmm_xmmm128_imm8, Code.VEX_Vshufpd_xmm_xmm_xmmm128_imm8, Code.VEX_Vshufpd_ymm_ymm_ymmm256_imm8);
        Binary<AlignRight>.Enter(
            table, Code.Palignr_xmm_xmmm128_imm8, Code.VEX_Vpalignr_xmm_xmm_xmmm128_imm8, Code.VEX_Vpalignr_ymm_ymm_ymmm256_imm8);
        Unary<DuplicateEvenSingles>.Enter(table, Code.Movsldup_xmm_xmmm128, Code.VEX_Vmovsldup_xmm_xmmm128, Code.VEX_Vmovsldup_ymm_ymmm256);
        Unary<DuplicateOddSingles>.Enter(table, Code.Movshdup_xmm_xmmm128, Code.VEX_Vmovshdup_xmm_xmmm128, Code.VEX_Vmovshdup_ymm_ymmm256);
        Unary<ShuffleDoublewords>.Enter(table, Code.INVALID, Code.VEX_Vpermilps_xmm_xmmm128_imm8, Code.VEX_Vpermilps_ymm_ymmm256_imm8);
        Unary<PermuteDoubles>.Enter(table, Code.INVALID, Code.VEX_Vpermilpd_xmm_xmmm128_imm8, Code.VEX_Vpermilpd_ymm_ymmm256_imm8);
        Binary<PermuteSinglesByVector>.Enter(table, Code.INVALID, Code.VEX_Vpermilps_xmm_xmm_xmmm128, Code.VEX_Vpermilps_ymm_ymm_ymmm256);
        Binary<PermuteDoublesByVector>.Enter(table, Code.INVALID, Code.VEX_Vpermilpd_xmm_xmm_xmmm128, Code.VEX_Vpermilpd_ymm_ymm_ymmm256);
    }

    /// <summary>A control byte with its top bit set gives zero; otherwise its low four bits select.</summary>
    private struct ShuffleBytes : IBinaryOperation
    {
        public static Vector128<byte> Apply(Vector128<byte> left, Vector128<byte> right, byte immediate) =>
            Ssse3.IsSupported ? Ssse3.Shuffle(left, right) : Vector128.Shuffle(left, right & Vector128.Create((byte)0x8F));
    }

    private struct ShuffleDoublewords : IUnaryOperation
    {
        public static Vector128<byte> Apply(Vector128<byte> source, byte immediate)
        {
            // SAFETY: two-bit selectors stay inside the four elements; the same holds below.
            var from = (uint*)&source;
            return Vector128.Create(
                from[immediate & 3], from[(immediate >> 2) & 3], from[(immediate >> 4) & 3], from[immediate >> 6]).AsByte();
        }
    }

    private struct ShuffleLowWords : IUnaryOperation
    {
        public static Vector128<byte> Apply(Vector128<byte> source, byte immediate)
        {
            var words = source.AsUInt64().ToScalar();
            return source.AsUInt64().WithElement(0, SelectWords(words, immediate)).AsByte();
        }
    }

    private struct ShuffleHighWords : IUnaryOperation
    {
        public static Vector128<byte> Apply(Vector128<byte> source, byte immediate)
        {
            var words = source.AsUInt64().GetElement(1);
            return source.AsUInt64().WithElement(1, SelectWords(words, immediate)).AsByte();
        }
    }

    private static ulong SelectWords(ulong words, byte selectors) =>
        (ushort)(words >> ((selectors & 3) * 16))
        | (ulong)(ushort)(words >> (((selectors >> 2) & 3) * 16)) << 16
        | (ulong)(ushort)(words >> (((selectors >> 4) & 3) * 16)) << 32
        | (ulong)(ushort)(words >> ((selectors >> 6) * 16)) << 48;

    /// <summary>Two elements of the first source below two of the second.</summary>
    private struct ShuffleSingles : IBinaryOperation
    {
        public static Vector128<byte> Apply(Vector128<byte> left, Vector128<byte> right, byte immediate)
        {
            var low = (uint*)&left;
            var high = (uint*)&right;
            return Vector128.Create(
                low[immediate & 3], low[(immediate >> 2) & 3], high[(immediate >> 4) & 3], high[immediate >> 6]).AsByte();
        }
    }

    private struct ShuffleDoubles : IBinaryOperation
    {
        public static int UpperLaneShift => 2;

        public static Vector128<byte> Apply(Vector128<byte> left, Vector128<byte> right, byte immediate) =>
            Vector128.Create(left.AsUInt64().GetElement(immediate & 1), right.AsUInt64().GetElement((immediate >> 1) & 1)).AsByte();
    }

    private struct PermuteDoubles : IUnaryOperation
    {
        public static int UpperLaneShift => 2;

        public static Vector128<byte> Apply(Vector128<byte> source, byte immediate) =>
            Vector128.Create(source.AsUInt64().GetElement(immediate & 1), source.AsUInt64().GetElement((immediate >> 1) & 1)).AsByte();
    }

    private struct PermuteSinglesByVector : IBinaryOperation
    {
        public static Vector128<byte> Apply(Vector128<byte> left, Vector128<byte> right, byte immediate) =>
            Vector128.Shuffle(left.AsInt32(), right.AsInt32() & Vector128.Create(3)).AsByte();
    }

    /// <summary>Bit 1 of each control quadword selects.</summary>
    private struct PermuteDoublesByVector : IBinaryOperation
    {
        public static Vector128<byte> Apply(Vector128<byte> left, Vector128<byte> right, byte immediate) =>
            Vector128.Shuffle(left.AsInt64(), (right.AsInt64() >> 1) & Vector128.Create(1L)).AsByte();
    }

    /// <summary>Sixteen bytes out of both sources, the first above the second, and zeros above both.</summary>
    private struct AlignRight : IBinaryOperation
    {
        public static Vector128<byte> Apply(Vector128<byte> left, Vector128<byte> right, byte immediate)
        {
            var bytes = stackalloc Vector128<byte>[3];
            bytes[0] = right;
            bytes[1] = left;
            bytes[2] = default;
            // SAFETY: at most 32 bytes in, so that 16 remain.
            return Vector128.Load((byte*)bytes + Math.Min((int)immediate, 32));
        }
    }

    private struct DuplicateEvenSingles : IUnaryOperation
    {
        public static Vector128<byte> Apply(Vector128<byte> source, byte immediate) =>
            Vector128.Shuffle(source.AsInt32(), Vector128.Create(0, 0, 2, 2)).AsByte();
    }

    private struct DuplicateOddSingles : IUnaryOperation
    {
        public static Vector128<byte> Apply(Vector128<byte> source, byte immediate) =>
            Vector128.Shuffle(source.AsInt32(), Vector128.Create(1, 1, 3, 3)).AsByte();
    }
}
