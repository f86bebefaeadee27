using System.Runtime.Intrinsics;
using Iced.Intel;
using Ringmaster.Cpu.Interpreter.Decoding;
using Ringmaster.Cpu.Interpreter.Execution;
using Ringmaster.Cpu.Interpreter.Instructions.Simd.Forms;

namespace Ringmaster.Cpu.Interpreter.Instructions.Simd.Shuffles;

/// <summary>Selection, element by element, between two sources: by immediate, or by the top bits of a mask register.</summary>
internal static unsafe class Blending
{
    public static void Register(HandlerTable table)
    {
        Binary<Words>.Enter(
            table, Code.Pblendw_xmm_xmmm128_imm8, Code.VEX_Vpblendw_xmm_xmm_xmmm128_imm8, Code.VEX_Vpblendw_ymm_ymm_ymmm256_imm8);
        Binary<Doublewords>.Enter(
            table, Code.Blendps_xmm_xmmm128_imm8, Code.VEX_Vblendps_xmm_xmm_xmmm128_imm8, Code.VEX_Vblendps_ymm_ymm_ymmm256_imm8);
        Binary<Quadwords>.Enter(
            table, Code.Blendpd_xmm_xmmm128_imm8, Code.VEX_Vblendpd_xmm_xmm_xmmm128_imm8, Code.VEX_Vblendpd_ymm_ymm_ymmm256_imm8);
        Binary<Doublewords>.Enter(table, Code.INVALID, Code.VEX_Vpblendd_xmm_xmm_xmmm128_imm8, Code.VEX_Vpblendd_ymm_ymm_ymmm256_imm8);

        ByMask<byte>(table, Code.Pblendvb_xmm_xmmm128, Code.VEX_Vpblendvb_xmm_xmm_xmmm128_xmm, Code.VEX_Vpblendvb_ymm_ymm_ymmm256_ymm);
        ByMask<int>(table, Code.Blendvps_xmm_xmmm128, Code.VEX_Vblendvps_xmm_xmm_xmmm128_xmm, Code.VEX_Vblendvps_ymm_ymm_ymmm256_ymm);
        ByMask<long>(table, Code.Blendvpd_xmm_xmmm128, Code.VEX_Vblendvpd_xmm_xmm_xmmm128_xmm, Code.VEX_Vblendvpd_ymm_ymm_ymmm256_ymm);
    }

    private static void ByMask<T>(HandlerTable table, Code legacy, Code vex128, Code vex256) where T : unmanaged
    {
        table.Add(legacy, &LegacyRegister<T>, &LegacyMemory<T>, Guard.Sse);
        table.Add(vex128, &Vex128Register<T>, &Vex128Memory<T>, Guard.Avx);
        table.Add(vex256, &Vex256Register<T>, &Vex256Memory<T>, Guard.Avx);
    }

    private static Vector128<byte> Select<T>(Vector128<byte> left, Vector128<byte> right, Vector128<byte> mask) where T : unmanaged
    {
        if (typeof(T) == typeof(byte))
            return Vector128.ConditionalSelect(Vector128.LessThan(mask.AsSByte(), Vector128<sbyte>.Zero).AsByte(), right, left);
        return Vector128.ConditionalSelect(Vector128.LessThan(mask.As<byte, T>(), Vector128<T>.Zero).AsByte(), right, left);
    }

    // Legacy forms take the mask from XMM0.
    private static Status LegacyRegister<T>(Vcpu cpu, Op* op) where T : unmanaged
    {
        cpu.Xmm<byte>(op->Reg0) = Select<T>(cpu.Xmm<byte>(op->Reg0), cpu.Xmm<byte>(op->Reg1), cpu.Xmm<byte>(0));
        return Status.Next;
    }

    private static Status LegacyMemory<T>(Vcpu cpu, Op* op) where T : unmanaged
    {
        if (!cpu.ReadAligned<Vector128<byte>>(op, out var right))
            return cpu.FaultOrExit;
        cpu.Xmm<byte>(op->Reg0) = Select<T>(cpu.Xmm<byte>(op->Reg0), right, cpu.Xmm<byte>(0));
        return Status.Next;
    }

    private static Status Vex128Register<T>(Vcpu cpu, Op* op) where T : unmanaged
    {
        cpu.SetVex128(op->Reg0, Select<T>(cpu.Xmm<byte>(op->Reg1), cpu.Xmm<byte>(op->Reg2), cpu.Xmm<byte>(op->Reg3)));
        return Status.Next;
    }

    private static Status Vex128Memory<T>(Vcpu cpu, Op* op) where T : unmanaged
    {
        if (!cpu.Read<Vector128<byte>>(op, out var right))
            return cpu.FaultOrExit;
        cpu.SetVex128(op->Reg0, Select<T>(cpu.Xmm<byte>(op->Reg1), right, cpu.Xmm<byte>(op->Reg3)));
        return Status.Next;
    }

    private static Status Vex256Register<T>(Vcpu cpu, Op* op) where T : unmanaged
    {
        Set256<T>(cpu, op, cpu.Xmm<byte>(op->Reg2), cpu.UpperLane(op->Reg2));
        return Status.Next;
    }

    private static Status Vex256Memory<T>(Vcpu cpu, Op* op) where T : unmanaged
    {
        if (!cpu.Read<Vector256<byte>>(op, out var right))
            return cpu.FaultOrExit;
        Set256<T>(cpu, op, right.GetLower(), right.GetUpper());
        return Status.Next;
    }

    private static void Set256<T>(Vcpu cpu, Op* op, Vector128<byte> lower, Vector128<byte> upper) where T : unmanaged =>
        cpu.SetVex256(
            op->Reg0,
            Select<T>(cpu.Xmm<byte>(op->Reg1), lower, cpu.Xmm<byte>(op->Reg3)),
            Select<T>(cpu.UpperLane(op->Reg1), upper, cpu.UpperLane(op->Reg3)));

    private struct Words : IBinaryOperation
    {
        public static Vector128<byte> Apply(Vector128<byte> left, Vector128<byte> right, byte immediate)
        {
            var bits = Vector128.Create((ushort)1, 2, 4, 8, 16, 32, 64, 128);
            var mask = Vector128.Equals(Vector128.Create((ushort)immediate) & bits, bits);
            return Vector128.ConditionalSelect(mask.AsByte(), right, left);
        }
    }

    private struct Doublewords : IBinaryOperation
    {
        public static int UpperLaneShift => 4;

        public static Vector128<byte> Apply(Vector128<byte> left, Vector128<byte> right, byte immediate)
        {
            var bits = Vector128.Create(1u, 2, 4, 8);
            var mask = Vector128.Equals(Vector128.Create((uint)immediate) & bits, bits);
            return Vector128.ConditionalSelect(mask.AsByte(), right, left);
        }
    }

    private struct Quadwords : IBinaryOperation
    {
        public static int UpperLaneShift => 2;

        public static Vector128<byte> Apply(Vector128<byte> left, Vector128<byte> right, byte immediate)
        {
            var bits = Vector128.Create(1UL, 2);
            var mask = Vector128.Equals(Vector128.Create((ulong)immediate) & bits, bits);
            return Vector128.ConditionalSelect(mask.AsByte(), right, left);
        }
    }
}
