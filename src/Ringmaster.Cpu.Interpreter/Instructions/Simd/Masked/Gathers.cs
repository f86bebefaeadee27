using System.Numerics;
using System.Runtime.Intrinsics;
using Iced.Intel;
using Ringmaster.Cpu.Interpreter.Decoding;
using Ringmaster.Cpu.Interpreter.Execution;
using Ringmaster.Cpu.Interpreter.Instructions.Simd.Forms;
using Ringmaster.Cpu.Interpreter.Memory;

namespace Ringmaster.Cpu.Interpreter.Instructions.Simd.Masked;

/// <summary>
/// AVX2 gathers. Each element loaded clears its mask, so that an instruction that a fault interrupts goes on where it was:
/// what is done by then stays done (SDM 2C VPGATHERDD).
/// </summary>
internal static unsafe class Gathers
{
    public static void Register(HandlerTable table)
    {
        table.Add(Code.VEX_Vpgatherdd_xmm_vm32x_xmm, null, &Gather<uint, int, Four>, Guard.Avx);
        table.Add(Code.VEX_Vpgatherdd_ymm_vm32y_ymm, null, &Gather<uint, int, Eight>, Guard.Avx);
        table.Add(Code.VEX_Vgatherdps_xmm_vm32x_xmm, null, &Gather<uint, int, Four>, Guard.Avx);
        table.Add(Code.VEX_Vgatherdps_ymm_vm32y_ymm, null, &Gather<uint, int, Eight>, Guard.Avx);
        table.Add(Code.VEX_Vpgatherdq_xmm_vm32x_xmm, null, &Gather<ulong, int, Two>, Guard.Avx);
        table.Add(Code.VEX_Vpgatherdq_ymm_vm32x_ymm, null, &Gather<ulong, int, Four>, Guard.Avx);
        table.Add(Code.VEX_Vgatherdpd_xmm_vm32x_xmm, null, &Gather<ulong, int, Two>, Guard.Avx);
        table.Add(Code.VEX_Vgatherdpd_ymm_vm32x_ymm, null, &Gather<ulong, int, Four>, Guard.Avx);
        table.Add(Code.VEX_Vpgatherqd_xmm_vm64x_xmm, null, &Gather<uint, long, Two>, Guard.Avx);
        table.Add(Code.VEX_Vpgatherqd_xmm_vm64y_xmm, null, &Gather<uint, long, Four>, Guard.Avx);
        table.Add(Code.VEX_Vgatherqps_xmm_vm64x_xmm, null, &Gather<uint, long, Two>, Guard.Avx);
        table.Add(Code.VEX_Vgatherqps_xmm_vm64y_xmm, null, &Gather<uint, long, Four>, Guard.Avx);
        table.Add(Code.VEX_Vpgatherqq_xmm_vm64x_xmm, null, &Gather<ulong, long, Two>, Guard.Avx);
        table.Add(Code.VEX_Vpgatherqq_ymm_vm64y_ymm, null, &Gather<ulong, long, Four>, Guard.Avx);
        table.Add(Code.VEX_Vgatherqpd_xmm_vm64x_xmm, null, &Gather<ulong, long, Two>, Guard.Avx);
        table.Add(Code.VEX_Vgatherqpd_ymm_vm64y_ymm, null, &Gather<ulong, long, Four>, Guard.Avx);
    }

    private static Status Gather<T, TIndex, TCount>(Vcpu cpu, Op* op)
        where T : unmanaged, IBinaryInteger<T>, IMinMaxValue<T>
        where TIndex : unmanaged, IBinaryInteger<TIndex>
        where TCount : struct, ICount
    {
        var (destination, index, mask) = (op->Reg0, op->Index, op->Reg2);
        if (destination == index || destination == mask || index == mask)
            return cpu.RaiseInvalidOpcode();
        var result = cpu.Ymm<T>(destination);
        var indices = cpu.Ymm<TIndex>(index);
        var left = cpu.Ymm<T>(mask).ExtractMostSignificantBits() & ((1u << TCount.Value) - 1);
        var offset = cpu.R64(op->Base) + op->Displacement;
        for (; left != 0; left &= left - 1)
        {
            var i = BitOperations.TrailingZeroCount(left);
            var at = Vcpu.WrapAddress(op->Flags, offset + (ulong.CreateTruncating(indices.GetElement(i)) << op->Scale));
            if (!cpu.Segmented(op->Segment, at, sizeof(T), AccessKind.Read, out var linear)
                || !cpu.ReadLinear<T>(op->Segment, linear, out var element))
                return Interrupted(cpu, op, result, left, TCount.Value, TCount.Value * Math.Max(sizeof(T), sizeof(TIndex)));
            result = result.WithElement(i, element);
        }
        for (var i = TCount.Value; i < Vector256<T>.Count; i++)
            result = result.WithElement(i, T.Zero);
        cpu.SetVex256(destination, result.AsByte());
        cpu.SetVex256(mask, default(Vector256<byte>));
        return Status.Next;
    }

    // The length is the vector length in bytes: that of the longer of indices and elements.
    // A question to the outside changes nothing: the whole instruction is executed again with the answer.
    private static Status Interrupted<T>(Vcpu cpu, Op* op, Vector256<T> result, uint left, int count, int length)
        where T : unmanaged, IBinaryInteger<T>, IMinMaxValue<T>
    {
        if (cpu.HasPendingExit)
            return Status.Exit;
        var mask = cpu.Ymm<T>(op->Reg2);
        for (var i = 0; i < count; i++)
            mask = mask.WithElement(i, (left >> i & 1) != 0 ? T.MaxValue : T.Zero);
        // SDM 2C VPGATHERDD clears what lies beyond the vector length before the first element is loaded; AMD's processors do so at the end.
        for (var i = cpu.Features.IsAmd ? Vector256<T>.Count : length / sizeof(T); i < Vector256<T>.Count; i++)
            mask = mask.WithElement(i, T.Zero);
        cpu.Ymm<T>(op->Reg0) = result;
        cpu.Ymm<T>(op->Reg2) = mask;
        return Status.Fault;
    }

    private interface ICount
    {
        static abstract int Value { get; }
    }

    private struct Two : ICount
    {
        public static int Value => 2;
    }

    private struct Four : ICount
    {
        public static int Value => 4;
    }

    private struct Eight : ICount
    {
        public static int Value => 8;
    }
}
