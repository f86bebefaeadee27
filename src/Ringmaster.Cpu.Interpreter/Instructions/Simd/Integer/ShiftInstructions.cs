using System.Runtime.Intrinsics;
using System.Runtime.Intrinsics.X86;
using Iced.Intel;
using Ringmaster.Cpu.Interpreter.Instructions.Simd.Forms;

namespace Ringmaster.Cpu.Interpreter.Instructions.Simd.Integer;

/// <summary>Packed shifts by one count, by a count for each element, and of whole lanes by bytes.</summary>
internal static unsafe class ShiftInstructions
{
    public static void Register(HandlerTable table)
    {
        Shifts<LeftWords>.EnterByImmediate(table, Code.Psllw_xmm_imm8, Code.VEX_Vpsllw_xmm_xmm_imm8, Code.VEX_Vpsllw_ymm_ymm_imm8);
        Shifts<LeftWords>.EnterByCount(table, Code.Psllw_xmm_xmmm128, Code.VEX_Vpsllw_xmm_xmm_xmmm128, Code.VEX_Vpsllw_ymm_ymm_xmmm128);
        Shifts<LeftDoublewords>.EnterByImmediate(table, Code.Pslld_xmm_imm8, Code.VEX_Vpslld_xmm_xmm_imm8, Code.VEX_Vpslld_ymm_ymm_imm8);
        Shifts<LeftDoublewords>.EnterByCount(
            table, Code.Pslld_xmm_xmmm128, Code.VEX_Vpslld_xmm_xmm_xmmm128, Code.VEX_Vpslld_ymm_ymm_xmmm128);
        Shifts<LeftQuadwords>.EnterByImmediate(table, Code.Psllq_xmm_imm8, Code.VEX_Vpsllq_xmm_xmm_imm8, Code.VEX_Vpsllq_ymm_ymm_imm8);
        Shifts<LeftQuadwords>.EnterByCount(table, Code.Psllq_xmm_xmmm128, Code.VEX_Vpsllq_xmm_xmm_xmmm128, Code.VEX_Vpsllq_ymm_ymm_xmmm128);
        Shifts<RightWords>.EnterByImmediate(table, Code.Psrlw_xmm_imm8, Code.VEX_Vpsrlw_xmm_xmm_imm8, Code.VEX_Vpsrlw_ymm_ymm_imm8);
        Shifts<RightWords>.EnterByCount(table, Code.Psrlw_xmm_xmmm128, Code.VEX_Vpsrlw_xmm_xmm_xmmm128, Code.VEX_Vpsrlw_ymm_ymm_xmmm128);
        Shifts<RightDoublewords>.EnterByImmediate(table, Code.Psrld_xmm_imm8, Code.VEX_Vpsrld_xmm_xmm_imm8, Code.VEX_Vpsrld_ymm_ymm_imm8);
        Shifts<RightDoublewords>.EnterByCount(
            table, Code.Psrld_xmm_xmmm128, Code.VEX_Vpsrld_xmm_xmm_xmmm128, Code.VEX_Vpsrld_ymm_ymm_xmmm128);
        Shifts<RightQuadwords>.EnterByImmediate(table, Code.Psrlq_xmm_imm8, Code.VEX_Vpsrlq_xmm_xmm_imm8, Code.VEX_Vpsrlq_ymm_ymm_imm8);
        Shifts<RightQuadwords>.EnterByCount(
            table, Code.Psrlq_xmm_xmmm128, Code.VEX_Vpsrlq_xmm_xmm_xmmm128, Code.VEX_Vpsrlq_ymm_ymm_xmmm128);
        Shifts<SignedWords>.EnterByImmediate(table, Code.Psraw_xmm_imm8, Code.VEX_Vpsraw_xmm_xmm_imm8, Code.VEX_Vpsraw_ymm_ymm_imm8);
        Shifts<SignedWords>.EnterByCount(table, Code.Psraw_xmm_xmmm128, Code.VEX_Vpsraw_xmm_xmm_xmmm128, Code.VEX_Vpsraw_ymm_ymm_xmmm128);
        Shifts<SignedDoublewords>.EnterByImmediate(table, Code.Psrad_xmm_imm8, Code.VEX_Vpsrad_xmm_xmm_imm8, Code.VEX_Vpsrad_ymm_ymm_imm8);
        Shifts<SignedDoublewords>.EnterByCount(
            table, Code.Psrad_xmm_xmmm128, Code.VEX_Vpsrad_xmm_xmm_xmmm128, Code.VEX_Vpsrad_ymm_ymm_xmmm128);
        Shifts<LeftBytes>.EnterByImmediate(table, Code.Pslldq_xmm_imm8, Code.VEX_Vpslldq_xmm_xmm_imm8, Code.VEX_Vpslldq_ymm_ymm_imm8);
        Shifts<RightBytes>.EnterByImmediate(table, Code.Psrldq_xmm_imm8, Code.VEX_Vpsrldq_xmm_xmm_imm8, Code.VEX_Vpsrldq_ymm_ymm_imm8);
        Binary<VariableLeftDoublewords>.Enter(table, Code.INVALID, Code.VEX_Vpsllvd_xmm_xmm_xmmm128, Code.VEX_Vpsllvd_ymm_ymm_ymmm256);
        Binary<VariableRightDoublewords>.Enter(table, Code.INVALID, Code.VEX_Vpsrlvd_xmm_xmm_xmmm128, Code.VEX_Vpsrlvd_ymm_ymm_ymmm256);
        Binary<VariableSignedDoublewords>.Enter(table, Code.INVALID, Code.VEX_Vpsravd_xmm_xmm_xmmm128, Code.VEX_Vpsravd_ymm_ymm_ymmm256);
        Binary<VariableLeftQuadwords>.Enter(table, Code.INVALID, Code.VEX_Vpsllvq_xmm_xmm_xmmm128, Code.VEX_Vpsllvq_ymm_ymm_ymmm256);
        Binary<VariableRightQuadwords>.Enter(table, Code.INVALID, Code.VEX_Vpsrlvq_xmm_xmm_xmmm128, Code.VEX_Vpsrlvq_ymm_ymm_ymmm256);
    }

    private struct LeftWords : IShiftOperation
    {
        public static Vector128<byte> Apply(Vector128<byte> source, ulong count) =>
            Sse2.ShiftLeftLogical(source.AsUInt16(), Vector128.CreateScalar(count).AsUInt16()).AsByte();
    }

    private struct LeftDoublewords : IShiftOperation
    {
        public static Vector128<byte> Apply(Vector128<byte> source, ulong count) =>
            Sse2.ShiftLeftLogical(source.AsUInt32(), Vector128.CreateScalar(count).AsUInt32()).AsByte();
    }

    private struct LeftQuadwords : IShiftOperation
    {
        public static Vector128<byte> Apply(Vector128<byte> source, ulong count) =>
            Sse2.ShiftLeftLogical(source.AsUInt64(), Vector128.CreateScalar(count)).AsByte();
    }

    private struct RightWords : IShiftOperation
    {
        public static Vector128<byte> Apply(Vector128<byte> source, ulong count) =>
            Sse2.ShiftRightLogical(source.AsUInt16(), Vector128.CreateScalar(count).AsUInt16()).AsByte();
    }

    private struct RightDoublewords : IShiftOperation
    {
        public static Vector128<byte> Apply(Vector128<byte> source, ulong count) =>
            Sse2.ShiftRightLogical(source.AsUInt32(), Vector128.CreateScalar(count).AsUInt32()).AsByte();
    }

    private struct RightQuadwords : IShiftOperation
    {
        public static Vector128<byte> Apply(Vector128<byte> source, ulong count) =>
            Sse2.ShiftRightLogical(source.AsUInt64(), Vector128.CreateScalar(count)).AsByte();
    }

    private struct SignedWords : IShiftOperation
    {
        public static Vector128<byte> Apply(Vector128<byte> source, ulong count) =>
            Sse2.ShiftRightArithmetic(source.AsInt16(), Vector128.CreateScalar(count).AsInt16()).AsByte();
    }

    private struct SignedDoublewords : IShiftOperation
    {
        public static Vector128<byte> Apply(Vector128<byte> source, ulong count) =>
            Sse2.ShiftRightArithmetic(source.AsInt32(), Vector128.CreateScalar(count).AsInt32()).AsByte();
    }

    private struct LeftBytes : IShiftOperation
    {
        public static Vector128<byte> Apply(Vector128<byte> source, ulong count)
        {
            var bytes = stackalloc Vector128<byte>[2];
            bytes[0] = default;
            bytes[1] = source;
            // SAFETY: 0 to 16 bytes in, so that 16 remain.
            return Vector128.Load((byte*)bytes + 16 - Math.Min(count, 16));
        }
    }

    private struct RightBytes : IShiftOperation
    {
        public static Vector128<byte> Apply(Vector128<byte> source, ulong count)
        {
            var bytes = stackalloc Vector128<byte>[2];
            bytes[0] = source;
            bytes[1] = default;
            // SAFETY: as in LeftBytes.
            return Vector128.Load((byte*)bytes + Math.Min(count, 16));
        }
    }

    private struct VariableLeftDoublewords : IBinaryOperation
    {
        public static Vector128<byte> Apply(Vector128<byte> left, Vector128<byte> right, byte immediate)
        {
            var (values, counts) = (left.AsUInt32(), right.AsUInt32());
            for (var i = 0; i < 4; i++)
                values = values.WithElement(i, counts[i] < 32 ? values[i] << (int)counts[i] : 0);
            return values.AsByte();
        }
    }

    private struct VariableRightDoublewords : IBinaryOperation
    {
        public static Vector128<byte> Apply(Vector128<byte> left, Vector128<byte> right, byte immediate)
        {
            var (values, counts) = (left.AsUInt32(), right.AsUInt32());
            for (var i = 0; i < 4; i++)
                values = values.WithElement(i, counts[i] < 32 ? values[i] >> (int)counts[i] : 0);
            return values.AsByte();
        }
    }

    private struct VariableSignedDoublewords : IBinaryOperation
    {
        public static Vector128<byte> Apply(Vector128<byte> left, Vector128<byte> right, byte immediate)
        {
            var (values, counts) = (left.AsInt32(), right.AsUInt32());
            for (var i = 0; i < 4; i++)
                values = values.WithElement(i, values[i] >> (int)Math.Min(counts[i], 31));
            return values.AsByte();
        }
    }

    private struct VariableLeftQuadwords : IBinaryOperation
    {
        public static Vector128<byte> Apply(Vector128<byte> left, Vector128<byte> right, byte immediate)
        {
            var (values, counts) = (left.AsUInt64(), right.AsUInt64());
            for (var i = 0; i < 2; i++)
                values = values.WithElement(i, counts[i] < 64 ? values[i] << (int)counts[i] : 0);
            return values.AsByte();
        }
    }

    private struct VariableRightQuadwords : IBinaryOperation
    {
        public static Vector128<byte> Apply(Vector128<byte> left, Vector128<byte> right, byte immediate)
        {
            var (values, counts) = (left.AsUInt64(), right.AsUInt64());
            for (var i = 0; i < 2; i++)
                values = values.WithElement(i, counts[i] < 64 ? values[i] >> (int)counts[i] : 0);
            return values.AsByte();
        }
    }
}
