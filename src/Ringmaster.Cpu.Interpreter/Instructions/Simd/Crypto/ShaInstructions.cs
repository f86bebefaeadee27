using System.Runtime.Intrinsics;
using Iced.Intel;
using Ringmaster.Cpu.Interpreter.Decoding;
using Ringmaster.Cpu.Interpreter.Execution;
using Ringmaster.Cpu.Interpreter.Instructions.Simd.Forms;

namespace Ringmaster.Cpu.Interpreter.Instructions.Simd.Crypto;

/// <summary>The SHA extensions (FIPS 180-4; SDM 2B SHA1RNDS4 and following).</summary>
internal static unsafe class ShaInstructions
{
    public static void Register(HandlerTable table)
    {
        Binary<Sha1Rounds>.Enter(table, Code.Sha1rnds4_xmm_xmmm128_imm8, Code.INVALID);
        Binary<Sha1NextE>.Enter(table, Code.Sha1nexte_xmm_xmmm128, Code.INVALID);
        Binary<Sha1Message1>.Enter(table, Code.Sha1msg1_xmm_xmmm128, Code.INVALID);
        Binary<Sha1Message2>.Enter(table, Code.Sha1msg2_xmm_xmmm128, Code.INVALID);
        Binary<Sha256Message1>.Enter(table, Code.Sha256msg1_xmm_xmmm128, Code.INVALID);
        Binary<Sha256Message2>.Enter(table, Code.Sha256msg2_xmm_xmmm128, Code.INVALID);
        table.Add(Code.Sha256rnds2_xmm_xmmm128, &Sha256RoundsRegister, &Sha256RoundsMemory, Guard.Sse);
    }

    private static Status Sha256RoundsRegister(Vcpu cpu, Op* op) => Sha256Rounds(cpu, op, cpu.Xmm<uint>(op->Reg1));

    private static Status Sha256RoundsMemory(Vcpu cpu, Op* op) =>
        cpu.ReadAligned<Vector128<uint>>(op, out var upper) ? Sha256Rounds(cpu, op, upper) : cpu.FaultOrExit;

    // Two rounds; XMM0 holds the message words with their constants added.
    private static Status Sha256Rounds(Vcpu cpu, Op* op, Vector128<uint> source)
    {
        var destination = cpu.Xmm<uint>(op->Reg0);
        var words = cpu.Xmm<uint>(0);
        var (a, b, e, f) = (source[3], source[2], source[1], source[0]);
        var (c, d, g, h) = (destination[3], destination[2], destination[1], destination[0]);
        for (var i = 0; i < 2; i++)
        {
            var first = h + Sum1(e) + ((e & f) ^ (~e & g)) + words[i];
            var second = Sum0(a) + ((a & b) ^ (a & c) ^ (b & c));
            (h, g, f, e, d, c, b, a) = (g, f, e, d + first, c, b, a, first + second);
        }
        cpu.Xmm<uint>(op->Reg0) = Vector128.Create(f, e, b, a);
        return Status.Next;
    }

    private static uint Sum0(uint a) => uint.RotateRight(a, 2) ^ uint.RotateRight(a, 13) ^ uint.RotateRight(a, 22);

    private static uint Sum1(uint e) => uint.RotateRight(e, 6) ^ uint.RotateRight(e, 11) ^ uint.RotateRight(e, 25);

    private struct Sha1Rounds : IBinaryOperation
    {
        private static ReadOnlySpan<uint> Constants => [0x5A82_7999, 0x6ED9_EBA1, 0x8F1B_BCDC, 0xCA62_C1D6];

        public static Vector128<byte> Apply(Vector128<byte> left, Vector128<byte> right, byte immediate)
        {
            var (state, words) = (left.AsUInt32(), right.AsUInt32());
            var (a, b, c, d, e) = (state[3], state[2], state[1], state[0], 0u);
            for (var i = 0; i < 4; i++)
            {
                // The caller has added E to the first word.
                var mixed = (immediate & 3) switch
                {
                    0 => (b & c) ^ (~b & d),
                    2 => (b & c) ^ (b & d) ^ (c & d),
                    _ => b ^ c ^ d,
                };
                var next = mixed + uint.RotateLeft(a, 5) + words[3 - i] + e + Constants[immediate & 3];
                (e, d, c, b, a) = (d, c, uint.RotateLeft(b, 30), a, next);
            }
            return Vector128.Create(d, c, b, a).AsByte();
        }
    }

    private struct Sha1NextE : IBinaryOperation
    {
        public static Vector128<byte> Apply(Vector128<byte> left, Vector128<byte> right, byte immediate)
        {
            var words = right.AsUInt32();
            return words.WithElement(3, words[3] + uint.RotateLeft(left.AsUInt32()[3], 30)).AsByte();
        }
    }

    private struct Sha1Message1 : IBinaryOperation
    {
        public static Vector128<byte> Apply(Vector128<byte> left, Vector128<byte> right, byte immediate)
        {
            var (a, b) = (left.AsUInt32(), right.AsUInt32());
            return (a ^ Vector128.Create(b[2], b[3], a[0], a[1])).AsByte();
        }
    }

    private struct Sha1Message2 : IBinaryOperation
    {
        public static Vector128<byte> Apply(Vector128<byte> left, Vector128<byte> right, byte immediate)
        {
            var (a, b) = (left.AsUInt32(), right.AsUInt32());
            var w16 = uint.RotateLeft(a[3] ^ b[2], 1);
            return Vector128.Create(
                uint.RotateLeft(a[0] ^ w16, 1), uint.RotateLeft(a[1] ^ b[0], 1), uint.RotateLeft(a[2] ^ b[1], 1), w16).AsByte();
        }
    }

    private struct Sha256Message1 : IBinaryOperation
    {
        public static Vector128<byte> Apply(Vector128<byte> left, Vector128<byte> right, byte immediate)
        {
            var a = left.AsUInt32();
            return Vector128.Create(
                a[0] + Sigma(a[1]), a[1] + Sigma(a[2]), a[2] + Sigma(a[3]), a[3] + Sigma(right.AsUInt32()[0])).AsByte();
        }

        private static uint Sigma(uint word) => uint.RotateRight(word, 7) ^ uint.RotateRight(word, 18) ^ (word >> 3);
    }

    private struct Sha256Message2 : IBinaryOperation
    {
        public static Vector128<byte> Apply(Vector128<byte> left, Vector128<byte> right, byte immediate)
        {
            var (a, b) = (left.AsUInt32(), right.AsUInt32());
            var w16 = a[0] + Sigma(b[2]);
            var w17 = a[1] + Sigma(b[3]);
            return Vector128.Create(w16, w17, a[2] + Sigma(w16), a[3] + Sigma(w17)).AsByte();
        }

        private static uint Sigma(uint word) => uint.RotateRight(word, 17) ^ uint.RotateRight(word, 19) ^ (word >> 10);
    }
}
