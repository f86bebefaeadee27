using System.Numerics;
using System.Runtime.Intrinsics;
using Iced.Intel;
using Ringmaster.Cpu.Interpreter.Decoding;
using Ringmaster.Cpu.Interpreter.Execution;
using Ringmaster.Cpu.Interpreter.Instructions.Simd.Forms;
using Ringmaster.Cpu.Interpreter.Memory;

namespace Ringmaster.Cpu.Interpreter.Instructions.Simd.Masked;

/// <summary>
/// VMASKMOV, VPMASKMOV and MASKMOVDQU. An element whose mask is clear is not accessed and cannot fault; a store that faults
/// in any element stores none.
/// </summary>
internal static unsafe class MaskedMoves
{
    public static void Register(HandlerTable table)
    {
        table.Add(Code.VEX_Vmaskmovps_xmm_xmm_m128, null, &Load128<uint>, Guard.Avx);
        table.Add(Code.VEX_Vmaskmovps_ymm_ymm_m256, null, &Load256<uint>, Guard.Avx);
        table.Add(Code.VEX_Vmaskmovpd_xmm_xmm_m128, null, &Load128<ulong>, Guard.Avx);
        table.Add(Code.VEX_Vmaskmovpd_ymm_ymm_m256, null, &Load256<ulong>, Guard.Avx);
        table.Add(Code.VEX_Vpmaskmovd_xmm_xmm_m128, null, &Load128<uint>, Guard.Avx);
        table.Add(Code.VEX_Vpmaskmovd_ymm_ymm_m256, null, &Load256<uint>, Guard.Avx);
        table.Add(Code.VEX_Vpmaskmovq_xmm_xmm_m128, null, &Load128<ulong>, Guard.Avx);
        table.Add(Code.VEX_Vpmaskmovq_ymm_ymm_m256, null, &Load256<ulong>, Guard.Avx);
        table.Add(Code.VEX_Vmaskmovps_m128_xmm_xmm, null, &Store128<uint>, Guard.Avx);
        table.Add(Code.VEX_Vmaskmovps_m256_ymm_ymm, null, &Store256<uint>, Guard.Avx);
        table.Add(Code.VEX_Vmaskmovpd_m128_xmm_xmm, null, &Store128<ulong>, Guard.Avx);
        table.Add(Code.VEX_Vmaskmovpd_m256_ymm_ymm, null, &Store256<ulong>, Guard.Avx);
        table.Add(Code.VEX_Vpmaskmovd_m128_xmm_xmm, null, &Store128<uint>, Guard.Avx);
        table.Add(Code.VEX_Vpmaskmovd_m256_ymm_ymm, null, &Store256<uint>, Guard.Avx);
        table.Add(Code.VEX_Vpmaskmovq_m128_xmm_xmm, null, &Store128<ulong>, Guard.Avx);
        table.Add(Code.VEX_Vpmaskmovq_m256_ymm_ymm, null, &Store256<ulong>, Guard.Avx);
        table.Add(Code.Maskmovdqu_rDI_xmm_xmm, &StoreBytes, Guard.Sse);
        table.Add(Code.VEX_Vmaskmovdqu_rDI_xmm_xmm, &StoreBytes, Guard.Avx);
    }

    private static Status Load128<T>(Vcpu cpu, Op* op) where T : unmanaged
    {
        if (!Load<T>(cpu, op, cpu.Xmm<T>(op->Reg1).ExtractMostSignificantBits(), out var value))
            return cpu.FaultOrExit;
        cpu.SetVex128(op->Reg0, value.GetLower());
        return Status.Next;
    }

    private static Status Load256<T>(Vcpu cpu, Op* op) where T : unmanaged
    {
        if (!Load<T>(cpu, op, cpu.Ymm<T>(op->Reg1).ExtractMostSignificantBits(), out var value))
            return cpu.FaultOrExit;
        cpu.SetVex256(op->Reg0, value);
        return Status.Next;
    }

    private static bool Load<T>(Vcpu cpu, Op* op, uint mask, out Vector256<byte> value) where T : unmanaged
    {
        var elements = Vector256<T>.Zero;
        value = default;
        var offset = cpu.EffectiveAddress(op);
        for (; mask != 0; mask &= mask - 1)
        {
            var i = BitOperations.TrailingZeroCount(mask);
            if (!ElementAddress(cpu, op, offset + (ulong)(i * sizeof(T)), sizeof(T), AccessKind.Read, out var linear)
                || !cpu.ReadLinear<T>(op->Segment, linear, out var element))
                return false;
            elements = elements.WithElement(i, element);
        }
        value = elements.AsByte();
        return true;
    }

    private static Status Store128<T>(Vcpu cpu, Op* op) where T : unmanaged =>
        Store(cpu, op, cpu.EffectiveAddress(op), cpu.Xmm<T>(op->Reg1).ExtractMostSignificantBits(), cpu.Xmm<T>(op->Reg2).ToVector256());

    private static Status Store256<T>(Vcpu cpu, Op* op) where T : unmanaged =>
        Store(cpu, op, cpu.EffectiveAddress(op), cpu.Ymm<T>(op->Reg1).ExtractMostSignificantBits(), cpu.Ymm<T>(op->Reg2));

    private static Status StoreBytes(Vcpu cpu, Op* op)
    {
        var offset = Vcpu.WrapAddress(op->Flags, cpu.R64(RegisterFile.Rdi));
        return Store(cpu, op, offset, cpu.Xmm<byte>(op->Reg2).ExtractMostSignificantBits(), cpu.Xmm<byte>(op->Reg1).ToVector256());
    }

    private static Status Store<T>(Vcpu cpu, Op* op, ulong offset, uint mask, Vector256<T> value) where T : unmanaged
    {
        for (var left = mask; left != 0; left &= left - 1)
        {
            var i = BitOperations.TrailingZeroCount(left);
            if (!ElementAddress(cpu, op, offset + (ulong)(i * sizeof(T)), sizeof(T), AccessKind.Write, out var linear)
                || !cpu.ProbeWrite(op->Segment, linear, sizeof(T)))
                return cpu.FaultOrExit;
        }
        for (var left = mask; left != 0; left &= left - 1)
        {
            var i = BitOperations.TrailingZeroCount(left);
            if (!ElementAddress(cpu, op, offset + (ulong)(i * sizeof(T)), sizeof(T), AccessKind.Write, out var linear)
                || !cpu.WriteLinear(op->Segment, linear, value.GetElement(i)))
                return cpu.FaultOrExit;
        }
        return Status.Next;
    }

    private static bool ElementAddress(Vcpu cpu, Op* op, ulong offset, int size, AccessKind kind, out ulong linear) =>
        cpu.Segmented(op->Segment, Vcpu.WrapAddress(op->Flags, offset), size, kind, out linear);
}
