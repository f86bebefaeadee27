using System.Numerics;
using System.Runtime.Intrinsics;
using System.Runtime.Intrinsics.X86;
using Iced.Intel;
using Ringmaster.Cpu.Interpreter.Instructions.Simd.Forms;

namespace Ringmaster.Cpu.Interpreter.Instructions.Simd.Integer;

/// <summary>Packed integer addition, subtraction, minimum, maximum, average, absolute value and sign.</summary>
internal static class IntegerArithmetic
{
    public static void Register(HandlerTable table)
    {
        Binary<Add<byte>>.Enter(table, Code.Paddb_xmm_xmmm128, Code.VEX_Vpaddb_xmm_xmm_xmmm128, Code.VEX_Vpaddb_ymm_ymm_ymmm256);
        Binary<Add<short>>.Enter(table, Code.Paddw_xmm_xmmm128, Code.VEX_Vpaddw_xmm_xmm_xmmm128, Code.VEX_Vpaddw_ymm_ymm_ymmm256);
        Binary<Add<int>>.Enter(table, Code.Paddd_xmm_xmmm128, Code.VEX_Vpaddd_xmm_xmm_xmmm128, Code.VEX_Vpaddd_ymm_ymm_ymmm256);
        Binary<Add<long>>.Enter(table, Code.Paddq_xmm_xmmm128, Code.VEX_Vpaddq_xmm_xmm_xmmm128, Code.VEX_Vpaddq_ymm_ymm_ymmm256);
        Binary<Subtract<byte>>.Enter(table, Code.Psubb_xmm_xmmm128, Code.VEX_Vpsubb_xmm_xmm_xmmm128, Code.VEX_Vpsubb_ymm_ymm_ymmm256);
        Binary<Subtract<short>>.Enter(table, Code.Psubw_xmm_xmmm128, Code.VEX_Vpsubw_xmm_xmm_xmmm128, Code.VEX_Vpsubw_ymm_ymm_ymmm256);
        Binary<Subtract<int>>.Enter(table, Code.Psubd_xmm_xmmm128, Code.VEX_Vpsubd_xmm_xmm_xmmm128, Code.VEX_Vpsubd_ymm_ymm_ymmm256);
        Binary<Subtract<long>>.Enter(table, Code.Psubq_xmm_xmmm128, Code.VEX_Vpsubq_xmm_xmm_xmmm128, Code.VEX_Vpsubq_ymm_ymm_ymmm256);
        Binary<AddSaturate<sbyte>>.Enter(
            table, Code.Paddsb_xmm_xmmm128, Code.VEX_Vpaddsb_xmm_xmm_xmmm128, Code.VEX_Vpaddsb_ymm_ymm_ymmm256);
        Binary<AddSaturate<short>>.Enter(
            table, Code.Paddsw_xmm_xmmm128, Code.VEX_Vpaddsw_xmm_xmm_xmmm128, Code.VEX_Vpaddsw_ymm_ymm_ymmm256);
        Binary<AddSaturate<byte>>.Enter(
            table, Code.Paddusb_xmm_xmmm128, Code.VEX_Vpaddusb_xmm_xmm_xmmm128, Code.VEX_Vpaddusb_ymm_ymm_ymmm256);
        Binary<AddSaturate<ushort>>.Enter(
            table, Code.Paddusw_xmm_xmmm128, Code.VEX_Vpaddusw_xmm_xmm_xmmm128, Code.VEX_Vpaddusw_ymm_ymm_ymmm256);
        Binary<SubtractSaturate<sbyte>>.Enter(
            table, Code.Psubsb_xmm_xmmm128, Code.VEX_Vpsubsb_xmm_xmm_xmmm128, Code.VEX_Vpsubsb_ymm_ymm_ymmm256);
        Binary<SubtractSaturate<short>>.Enter(
            table, Code.Psubsw_xmm_xmmm128, Code.VEX_Vpsubsw_xmm_xmm_xmmm128, Code.VEX_Vpsubsw_ymm_ymm_ymmm256);
        Binary<SubtractSaturate<byte>>.Enter(
            table, Code.Psubusb_xmm_xmmm128, Code.VEX_Vpsubusb_xmm_xmm_xmmm128, Code.VEX_Vpsubusb_ymm_ymm_ymmm256);
        Binary<SubtractSaturate<ushort>>.Enter(
            table, Code.Psubusw_xmm_xmmm128, Code.VEX_Vpsubusw_xmm_xmm_xmmm128, Code.VEX_Vpsubusw_ymm_ymm_ymmm256);
        Binary<Min<sbyte>>.Enter(table, Code.Pminsb_xmm_xmmm128, Code.VEX_Vpminsb_xmm_xmm_xmmm128, Code.VEX_Vpminsb_ymm_ymm_ymmm256);
        Binary<Min<short>>.Enter(table, Code.Pminsw_xmm_xmmm128, Code.VEX_Vpminsw_xmm_xmm_xmmm128, Code.VEX_Vpminsw_ymm_ymm_ymmm256);
        Binary<Min<int>>.Enter(table, Code.Pminsd_xmm_xmmm128, Code.VEX_Vpminsd_xmm_xmm_xmmm128, Code.VEX_Vpminsd_ymm_ymm_ymmm256);
        Binary<Min<byte>>.Enter(table, Code.Pminub_xmm_xmmm128, Code.VEX_Vpminub_xmm_xmm_xmmm128, Code.VEX_Vpminub_ymm_ymm_ymmm256);
        Binary<Min<ushort>>.Enter(table, Code.Pminuw_xmm_xmmm128, Code.VEX_Vpminuw_xmm_xmm_xmmm128, Code.VEX_Vpminuw_ymm_ymm_ymmm256);
        Binary<Min<uint>>.Enter(table, Code.Pminud_xmm_xmmm128, Code.VEX_Vpminud_xmm_xmm_xmmm128, Code.VEX_Vpminud_ymm_ymm_ymmm256);
        Binary<Max<sbyte>>.Enter(table, Code.Pmaxsb_xmm_xmmm128, Code.VEX_Vpmaxsb_xmm_xmm_xmmm128, Code.VEX_Vpmaxsb_ymm_ymm_ymmm256);
        Binary<Max<short>>.Enter(table, Code.Pmaxsw_xmm_xmmm128, Code.VEX_Vpmaxsw_xmm_xmm_xmmm128, Code.VEX_Vpmaxsw_ymm_ymm_ymmm256);
        Binary<Max<int>>.Enter(table, Code.Pmaxsd_xmm_xmmm128, Code.VEX_Vpmaxsd_xmm_xmm_xmmm128, Code.VEX_Vpmaxsd_ymm_ymm_ymmm256);
        Binary<Max<byte>>.Enter(table, Code.Pmaxub_xmm_xmmm128, Code.VEX_Vpmaxub_xmm_xmm_xmmm128, Code.VEX_Vpmaxub_ymm_ymm_ymmm256);
        Binary<Max<ushort>>.Enter(table, Code.Pmaxuw_xmm_xmmm128, Code.VEX_Vpmaxuw_xmm_xmm_xmmm128, Code.VEX_Vpmaxuw_ymm_ymm_ymmm256);
        Binary<Max<uint>>.Enter(table, Code.Pmaxud_xmm_xmmm128, Code.VEX_Vpmaxud_xmm_xmm_xmmm128, Code.VEX_Vpmaxud_ymm_ymm_ymmm256);
        Binary<AverageBytes>.Enter(table, Code.Pavgb_xmm_xmmm128, Code.VEX_Vpavgb_xmm_xmm_xmmm128, Code.VEX_Vpavgb_ymm_ymm_ymmm256);
        Binary<AverageWords>.Enter(table, Code.Pavgw_xmm_xmmm128, Code.VEX_Vpavgw_xmm_xmm_xmmm128, Code.VEX_Vpavgw_ymm_ymm_ymmm256);
        Unary<Absolute<sbyte>>.Enter(table, Code.Pabsb_xmm_xmmm128, Code.VEX_Vpabsb_xmm_xmmm128, Code.VEX_Vpabsb_ymm_ymmm256);
        Unary<Absolute<short>>.Enter(table, Code.Pabsw_xmm_xmmm128, Code.VEX_Vpabsw_xmm_xmmm128, Code.VEX_Vpabsw_ymm_ymmm256);
        Unary<Absolute<int>>.Enter(table, Code.Pabsd_xmm_xmmm128, Code.VEX_Vpabsd_xmm_xmmm128, Code.VEX_Vpabsd_ymm_ymmm256);
        Binary<Sign<sbyte>>.Enter(table, Code.Psignb_xmm_xmmm128, Code.VEX_Vpsignb_xmm_xmm_xmmm128, Code.VEX_Vpsignb_ymm_ymm_ymmm256);
        Binary<Sign<short>>.Enter(table, Code.Psignw_xmm_xmmm128, Code.VEX_Vpsignw_xmm_xmm_xmmm128, Code.VEX_Vpsignw_ymm_ymm_ymmm256);
        Binary<Sign<int>>.Enter(table, Code.Psignd_xmm_xmmm128, Code.VEX_Vpsignd_xmm_xmm_xmmm128, Code.VEX_Vpsignd_ymm_ymm_ymmm256);
    }

    private struct Add<T> : IBinaryOperation where T : unmanaged
    {
        public static Vector128<byte> Apply(Vector128<byte> left, Vector128<byte> right, byte immediate) =>
            (left.As<byte, T>() + right.As<byte, T>()).AsByte();
    }

    private struct Subtract<T> : IBinaryOperation where T : unmanaged
    {
        public static Vector128<byte> Apply(Vector128<byte> left, Vector128<byte> right, byte immediate) =>
            (left.As<byte, T>() - right.As<byte, T>()).AsByte();
    }

    private struct AddSaturate<T> : IBinaryOperation where T : unmanaged
    {
        public static Vector128<byte> Apply(Vector128<byte> left, Vector128<byte> right, byte immediate) =>
            Vector128.AddSaturate(left.As<byte, T>(), right.As<byte, T>()).AsByte();
    }

    private struct SubtractSaturate<T> : IBinaryOperation where T : unmanaged
    {
        public static Vector128<byte> Apply(Vector128<byte> left, Vector128<byte> right, byte immediate) =>
            Vector128.SubtractSaturate(left.As<byte, T>(), right.As<byte, T>()).AsByte();
    }

    private struct Min<T> : IBinaryOperation where T : unmanaged
    {
        public static Vector128<byte> Apply(Vector128<byte> left, Vector128<byte> right, byte immediate) =>
            Vector128.Min(left.As<byte, T>(), right.As<byte, T>()).AsByte();
    }

    private struct Max<T> : IBinaryOperation where T : unmanaged
    {
        public static Vector128<byte> Apply(Vector128<byte> left, Vector128<byte> right, byte immediate) =>
            Vector128.Max(left.As<byte, T>(), right.As<byte, T>()).AsByte();
    }

    private struct AverageBytes : IBinaryOperation
    {
        public static Vector128<byte> Apply(Vector128<byte> left, Vector128<byte> right, byte immediate) => Sse2.Average(left, right);
    }

    private struct AverageWords : IBinaryOperation
    {
        public static Vector128<byte> Apply(Vector128<byte> left, Vector128<byte> right, byte immediate) =>
            Sse2.Average(left.AsUInt16(), right.AsUInt16()).AsByte();
    }

    /// <summary>The most negative number keeps its bits.</summary>
    private struct Absolute<T> : IUnaryOperation where T : unmanaged, ISignedNumber<T>
    {
        public static Vector128<byte> Apply(Vector128<byte> source, byte immediate)
        {
            var sign = Vector128.LessThan(source.As<byte, T>(), Vector128<T>.Zero);
            return ((source.As<byte, T>() ^ sign) - sign).AsByte();
        }
    }

    private struct Sign<T> : IBinaryOperation where T : unmanaged
    {
        public static Vector128<byte> Apply(Vector128<byte> left, Vector128<byte> right, byte immediate)
        {
            var negative = Vector128.LessThan(right.As<byte, T>(), Vector128<T>.Zero);
            var zero = Vector128.Equals(right.As<byte, T>(), Vector128<T>.Zero);
            return Vector128.AndNot((left.As<byte, T>() ^ negative) - negative, zero).AsByte();
        }
    }
}
