using System.Runtime.Intrinsics;
using System.Runtime.Intrinsics.X86;
using Iced.Intel;
using Ringmaster.Cpu.Interpreter.Instructions.Simd.Forms;

namespace Ringmaster.Cpu.Interpreter.Instructions.Simd.Crypto;

/// <summary>AES rounds (FIPS 197): by the host's instructions where it has them.</summary>
internal static class AesInstructions
{
    public static void Register(HandlerTable table)
    {
        Binary<Encrypt>.Enter(table, Code.Aesenc_xmm_xmmm128, Code.VEX_Vaesenc_xmm_xmm_xmmm128, Code.VEX_Vaesenc_ymm_ymm_ymmm256);
        Binary<EncryptLast>.Enter(
            table, Code.Aesenclast_xmm_xmmm128, Code.VEX_Vaesenclast_xmm_xmm_xmmm128, Code.VEX_Vaesenclast_ymm_ymm_ymmm256);
        Binary<Decrypt>.Enter(table, Code.Aesdec_xmm_xmmm128, Code.VEX_Vaesdec_xmm_xmm_xmmm128, Code.VEX_Vaesdec_ymm_ymm_ymmm256);
        Binary<DecryptLast>.Enter(
            table, Code.Aesdeclast_xmm_xmmm128, Code.VEX_Vaesdeclast_xmm_xmm_xmmm128, Code.VEX_Vaesdeclast_ymm_ymm_ymmm256);
        Unary<InverseMixColumns>.Enter(table, Code.Aesimc_xmm_xmmm128, Code.VEX_Vaesimc_xmm_xmmm128);
        Unary<KeyGeneration>.Enter(table, Code.Aeskeygenassist_xmm_xmmm128_imm8, Code.VEX_Vaeskeygenassist_xmm_xmmm128_imm8);
    }

    /// <summary>ShiftRows and SubBytes; byte 4c + r of the result comes from column c + r.</summary>
    internal static Vector128<byte> ShiftAndSubstitute(Vector128<byte> state)
    {
        var result = Vector128<byte>.Zero;
        for (var i = 0; i < 16; i++)
            result = result.WithElement(i, AesTables.Substitute(state.GetElement((i + 4 * (i & 3)) & 15)));
        return result;
    }

    /// <summary>InvShiftRows and InvSubBytes.</summary>
    internal static Vector128<byte> InverseShiftAndSubstitute(Vector128<byte> state)
    {
        var result = Vector128<byte>.Zero;
        for (var i = 0; i < 16; i++)
            result = result.WithElement(i, AesTables.InverseSubstitute(state.GetElement((i - 4 * (i & 3)) & 15)));
        return result;
    }

    /// <summary>Multiplies each column by a circulant matrix: MixColumns and its inverse.</summary>
    internal static Vector128<byte> Mix(Vector128<byte> state, ReadOnlySpan<byte> row)
    {
        var result = Vector128<byte>.Zero;
        for (var i = 0; i < 16; i++)
        {
            byte sum = 0;
            for (var j = 0; j < 4; j++)
                sum ^= BinaryField.Multiply(state.GetElement((i & 12) + ((i + j) & 3)), row[j]);
            result = result.WithElement(i, sum);
        }
        return result;
    }

    /// <summary>The first row of MixColumns' matrix.</summary>
    internal static ReadOnlySpan<byte> Forward => [2, 3, 1, 1];

    /// <summary>The first row of InvMixColumns' matrix.</summary>
    internal static ReadOnlySpan<byte> Inverse => [14, 11, 13, 9];

    private struct Encrypt : IBinaryOperation
    {
        public static Vector128<byte> Apply(Vector128<byte> left, Vector128<byte> right, byte immediate) =>
            Aes.IsSupported ? Aes.Encrypt(left, right) : Mix(ShiftAndSubstitute(left), Forward) ^ right;
    }

    private struct EncryptLast : IBinaryOperation
    {
        public static Vector128<byte> Apply(Vector128<byte> left, Vector128<byte> right, byte immediate) =>
            Aes.IsSupported ? Aes.EncryptLast(left, right) : ShiftAndSubstitute(left) ^ right;
    }

    private struct Decrypt : IBinaryOperation
    {
        public static Vector128<byte> Apply(Vector128<byte> left, Vector128<byte> right, byte immediate) =>
            Aes.IsSupported ? Aes.Decrypt(left, right) : Mix(InverseShiftAndSubstitute(left), Inverse) ^ right;
    }

    private struct DecryptLast : IBinaryOperation
    {
        public static Vector128<byte> Apply(Vector128<byte> left, Vector128<byte> right, byte immediate) =>
            Aes.IsSupported ? Aes.DecryptLast(left, right) : InverseShiftAndSubstitute(left) ^ right;
    }

    private struct InverseMixColumns : IUnaryOperation
    {
        public static Vector128<byte> Apply(Vector128<byte> source, byte immediate) =>
            Aes.IsSupported ? Aes.InverseMixColumns(source) : Mix(source, Inverse);
    }

    private struct KeyGeneration : IUnaryOperation
    {
        public static Vector128<byte> Apply(Vector128<byte> source, byte immediate)
        {
            var (first, third) = (Substitute(source.AsUInt32().GetElement(1)), Substitute(source.AsUInt32().GetElement(3)));
            return Vector128.Create(
                first, uint.RotateRight(first, 8) ^ immediate, third, uint.RotateRight(third, 8) ^ immediate).AsByte();
        }

        private static uint Substitute(uint word) =>
            AesTables.Substitute((byte)word) | (uint)AesTables.Substitute((byte)(word >> 8)) << 8
            | (uint)AesTables.Substitute((byte)(word >> 16)) << 16 | (uint)AesTables.Substitute((byte)(word >> 24)) << 24;
    }
}
