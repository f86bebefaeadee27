using System.Runtime.Intrinsics;
using Iced.Intel;
using Ringmaster.Cpu.Interpreter.Instructions.Simd.Forms;

namespace Ringmaster.Cpu.Interpreter.Instructions.Simd.Integer;

/// <summary>Addition and subtraction of neighbouring integers: the first source's results below the second's.</summary>
internal static class HorizontalArithmetic
{
    public static void Register(HandlerTable table)
    {
        Binary<AddWords>.Enter(table, Code.Phaddw_xmm_xmmm128, Code.VEX_Vphaddw_xmm_xmm_xmmm128, Code.VEX_Vphaddw_ymm_ymm_ymmm256);
        Binary<AddWordsSaturate>.Enter(
            table, Code.Phaddsw_xmm_xmmm128, Code.VEX_Vphaddsw_xmm_xmm_xmmm128, Code.VEX_Vphaddsw_ymm_ymm_ymmm256);
        Binary<AddDoublewords>.Enter(table, Code.Phaddd_xmm_xmmm128, Code.VEX_Vphaddd_xmm_xmm_xmmm128, Code.VEX_Vphaddd_ymm_ymm_ymmm256);
        Binary<SubtractWords>.Enter(table, Code.Phsubw_xmm_xmmm128, Code.VEX_Vphsubw_xmm_xmm_xmmm128, Code.VEX_Vphsubw_ymm_ymm_ymmm256);
        Binary<SubtractWordsSaturate>.Enter(
            table, Code.Phsubsw_xmm_xmmm128, Code.VEX_Vphsubsw_xmm_xmm_xmmm128, Code.VEX_Vphsubsw_ymm_ymm_ymmm256);
        Binary<SubtractDoublewords>.Enter(
            table, Code.Phsubd_xmm_xmmm128, Code.VEX_Vphsubd_xmm_xmm_xmmm128, Code.VEX_Vphsubd_ymm_ymm_ymmm256);
    }

    private static Vector128<short> EvenWords(Vector128<byte> left, Vector128<byte> right) =>
        Vector128.Narrow(left.AsInt32(), right.AsInt32());

    private static Vector128<short> OddWords(Vector128<byte> left, Vector128<byte> right) =>
        Vector128.Narrow(left.AsInt32() >> 16, right.AsInt32() >> 16);

    private static Vector128<int> EvenDoublewords(Vector128<byte> left, Vector128<byte> right) =>
        Vector128.Narrow(left.AsInt64(), right.AsInt64());

    private static Vector128<int> OddDoublewords(Vector128<byte> left, Vector128<byte> right) =>
        Vector128.Narrow(left.AsInt64() >>> 32, right.AsInt64() >>> 32);

    private struct AddWords : IBinaryOperation
    {
        public static Vector128<byte> Apply(Vector128<byte> left, Vector128<byte> right, byte immediate) =>
            (EvenWords(left, right) + OddWords(left, right)).AsByte();
    }

    private struct AddWordsSaturate : IBinaryOperation
    {
        public static Vector128<byte> Apply(Vector128<byte> left, Vector128<byte> right, byte immediate) =>
            Vector128.AddSaturate(EvenWords(left, right), OddWords(left, right)).AsByte();
    }

    private struct AddDoublewords : IBinaryOperation
    {
        public static Vector128<byte> Apply(Vector128<byte> left, Vector128<byte> right, byte immediate) =>
            (EvenDoublewords(left, right) + OddDoublewords(left, right)).AsByte();
    }

    private struct SubtractWords : IBinaryOperation
    {
        public static Vector128<byte> Apply(Vector128<byte> left, Vector128<byte> right, byte immediate) =>
            (EvenWords(left, right) - OddWords(left, right)).AsByte();
    }

    private struct SubtractWordsSaturate : IBinaryOperation
    {
        public static Vector128<byte> Apply(Vector128<byte> left, Vector128<byte> right, byte immediate) =>
            Vector128.SubtractSaturate(EvenWords(left, right), OddWords(left, right)).AsByte();
    }

    private struct SubtractDoublewords : IBinaryOperation
    {
        public static Vector128<byte> Apply(Vector128<byte> left, Vector128<byte> right, byte immediate) =>
            (EvenDoublewords(left, right) - OddDoublewords(left, right)).AsByte();
    }
}
