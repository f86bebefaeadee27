using Iced.Intel;
using Ringmaster.Cpu.Interpreter.FloatingPoint;

namespace Ringmaster.Cpu.Interpreter.Instructions.Simd.Float;

/// <summary>CMPPS and its like: elements become all ones or all zeros. Legacy forms have 8 predicates, VEX forms 32.</summary>
internal static class FloatComparisons
{
    // For the sixteen predicates, which relations satisfy them: bit 0 greater, 1 less, 2 equal, 3 unordered (SDM 2A table 3-1).
    private static ReadOnlySpan<byte> Satisfying => [4, 2, 6, 8, 11, 13, 9, 7, 12, 10, 14, 0, 3, 5, 1, 15];

    public static void Register(HandlerTable table)
    {
        PackedFloat<EachElement<Compare<Few>, uint>>.EnterBinary(table, Code.Cmpps_xmm_xmmm128_imm8, Code.INVALID);
        PackedFloat<EachElement<Compare<Few>, ulong>>.EnterBinary(table, Code.Cmppd_xmm_xmmm128_imm8, Code.INVALID);
        ScalarFloat<Compare<Few>, uint, uint>.Enter(table, Code.Cmpss_xmm_xmmm32_imm8, Code.INVALID);
        ScalarFloat<Compare<Few>, ulong, ulong>.Enter(table, Code.Cmpsd_xmm_xmmm64_imm8, Code.INVALID);
        PackedFloat<EachElement<Compare<All>, uint>>.EnterBinary(
            table, Code.INVALID, Code.VEX_Vcmpps_xmm_xmm_xmmm128_imm8, Code.VEX_Vcmpps_ymm_ymm_ymmm256_imm8);
        PackedFloat<EachElement<Compare<All>, ulong>>.EnterBinary(
            table, Code.INVALID, Code.VEX_Vcmppd_xmm_xmm_xmmm128_imm8, Code.VEX_Vcmppd_ymm_ymm_ymmm256_imm8);
        ScalarFloat<Compare<All>, uint, uint>.Enter(table, Code.INVALID, Code.VEX_Vcmpss_xmm_xmm_xmmm32_imm8);
        ScalarFloat<Compare<All>, ulong, ulong>.Enter(table, Code.INVALID, Code.VEX_Vcmpsd_xmm_xmm_xmmm64_imm8);
    }

    /// <summary>Predicates 1, 2, 5 and 6 of each eight signal invalid for quiet NaNs too; from 16 on it is the other ones.</summary>
    private static bool IsQuiet(int predicate) => ((predicate & 3) is 1 or 2) == predicate >= 16;

    private static bool Holds(int predicate, FloatRelation relation) => (Satisfying[predicate & 15] >> (int)relation & 1) != 0;

    private interface IPredicates
    {
        static abstract int Mask { get; }
    }

    private struct Few : IPredicates
    {
        public static int Mask => 7;
    }

    private struct All : IPredicates
    {
        public static int Mask => 31;
    }

    private struct Compare<TPredicates> : IScalarOperation<uint, uint>, IScalarOperation<ulong, ulong>
        where TPredicates : struct, IPredicates
    {
        public static uint Apply(uint left, uint right, byte immediate, ref FloatContext context)
        {
            var predicate = immediate & TPredicates.Mask;
            return Holds(predicate, SoftFloat.Compare32(left, right, IsQuiet(predicate), ref context)) ? uint.MaxValue : 0;
        }

        public static ulong Apply(ulong left, ulong right, byte immediate, ref FloatContext context)
        {
            var predicate = immediate & TPredicates.Mask;
            return Holds(predicate, SoftFloat.Compare64(left, right, IsQuiet(predicate), ref context)) ? ulong.MaxValue : 0;
        }
    }
}
