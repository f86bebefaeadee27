using System.Runtime.Intrinsics;
using Iced.Intel;
using Ringmaster.Cpu.Interpreter.Decoding;
using Ringmaster.Cpu.Interpreter.Execution;
using Ringmaster.Cpu.Interpreter.Instructions.Simd.Forms;

namespace Ringmaster.Cpu.Interpreter.Instructions.Simd.Moves;

/// <summary>Moves of whole registers, aligned, unaligned and non-temporal.</summary>
internal static unsafe class WholeMoves
{
    public static void Register(HandlerTable table)
    {
        table.Add(Code.Movups_xmm_xmmm128, &Copy, &Load, Guard.Sse);
        table.Add(Code.Movupd_xmm_xmmm128, &Copy, &Load, Guard.Sse);
        table.Add(Code.Movdqu_xmm_xmmm128, &Copy, &Load, Guard.Sse);
        table.Add(Code.Lddqu_xmm_m128, null, &Load, Guard.Sse);
        table.Add(Code.Movaps_xmm_xmmm128, &Copy, &LoadAligned, Guard.Sse);
        table.Add(Code.Movapd_xmm_xmmm128, &Copy, &LoadAligned, Guard.Sse);
        table.Add(Code.Movdqa_xmm_xmmm128, &Copy, &LoadAligned, Guard.Sse);
        table.Add(Code.Movntdqa_xmm_m128, null, &LoadAligned, Guard.Sse);
        table.Add(Code.Movups_xmmm128_xmm, &Copy, &Store, Guard.Sse);
        table.Add(Code.Movupd_xmmm128_xmm, &Copy, &Store, Guard.Sse);
        table.Add(Code.Movdqu_xmmm128_xmm, &Copy, &Store, Guard.Sse);
        table.Add(Code.Movaps_xmmm128_xmm, &Copy, &StoreAligned, Guard.Sse);
        table.Add(Code.Movapd_xmmm128_xmm, &Copy, &StoreAligned, Guard.Sse);
        table.Add(Code.Movdqa_xmmm128_xmm, &Copy, &StoreAligned, Guard.Sse);
        table.Add(Code.Movntps_m128_xmm, null, &StoreAligned, Guard.Sse);
        table.Add(Code.Movntpd_m128_xmm, null, &StoreAligned, Guard.Sse);
        table.Add(Code.Movntdq_m128_xmm, null, &StoreAligned, Guard.Sse);

        table.Add(Code.VEX_Vmovups_xmm_xmmm128, &Copy128, &Load128, Guard.Avx);
        table.Add(Code.VEX_Vmovupd_xmm_xmmm128, &Copy128, &Load128, Guard.Avx);
        table.Add(Code.VEX_Vmovdqu_xmm_xmmm128, &Copy128, &Load128, Guard.Avx);
        table.Add(Code.VEX_Vlddqu_xmm_m128, null, &Load128, Guard.Avx);
        table.Add(Code.VEX_Vmovaps_xmm_xmmm128, &Copy128, &Load128Aligned, Guard.Avx);
        table.Add(Code.VEX_Vmovapd_xmm_xmmm128, &Copy128, &Load128Aligned, Guard.Avx);
        table.Add(Code.VEX_Vmovdqa_xmm_xmmm128, &Copy128, &Load128Aligned, Guard.Avx);
        table.Add(Code.VEX_Vmovntdqa_xmm_m128, null, &Load128Aligned, Guard.Avx);
        table.Add(Code.VEX_Vmovups_xmmm128_xmm, &Copy128, &Store, Guard.Avx);
        table.Add(Code.VEX_Vmovupd_xmmm128_xmm, &Copy128, &Store, Guard.Avx);
        table.Add(Code.VEX_Vmovdqu_xmmm128_xmm, &Copy128, &Store, Guard.Avx);
        table.Add(Code.VEX_Vmovaps_xmmm128_xmm, &Copy128, &StoreAligned, Guard.Avx);
        table.Add(Code.VEX_Vmovapd_xmmm128_xmm, &Copy128, &StoreAligned, Guard.Avx);
        table.Add(Code.VEX_Vmovdqa_xmmm128_xmm, &Copy128, &StoreAligned, Guard.Avx);
        table.Add(Code.VEX_Vmovntps_m128_xmm, null, &StoreAligned, Guard.Avx);
        table.Add(Code.VEX_Vmovntpd_m128_xmm, null, &StoreAligned, Guard.Avx);
        table.Add(Code.VEX_Vmovntdq_m128_xmm, null, &StoreAligned, Guard.Avx);

        table.Add(Code.VEX_Vmovups_ymm_ymmm256, &Copy256, &Load256, Guard.Avx);
        table.Add(Code.VEX_Vmovupd_ymm_ymmm256, &Copy256, &Load256, Guard.Avx);
        table.Add(Code.VEX_Vmovdqu_ymm_ymmm256, &Copy256, &Load256, Guard.Avx);
        table.Add(Code.VEX_Vlddqu_ymm_m256, null, &Load256, Guard.Avx);
        table.Add(Code.VEX_Vmovaps_ymm_ymmm256, &Copy256, &Load256Aligned, Guard.Avx);
        table.Add(Code.VEX_Vmovapd_ymm_ymmm256, &Copy256, &Load256Aligned, Guard.Avx);
        table.Add(Code.VEX_Vmovdqa_ymm_ymmm256, &Copy256, &Load256Aligned, Guard.Avx);
        table.Add(Code.VEX_Vmovntdqa_ymm_m256, null, &Load256Aligned, Guard.Avx);
        table.Add(Code.VEX_Vmovups_ymmm256_ymm, &Copy256, &Store256, Guard.Avx);
        table.Add(Code.VEX_Vmovupd_ymmm256_ymm, &Copy256, &Store256, Guard.Avx);
        table.Add(Code.VEX_Vmovdqu_ymmm256_ymm, &Copy256, &Store256, Guard.Avx);
        table.Add(Code.VEX_Vmovaps_ymmm256_ymm, &Copy256, &Store256Aligned, Guard.Avx);
        table.Add(Code.VEX_Vmovapd_ymmm256_ymm, &Copy256, &Store256Aligned, Guard.Avx);
        table.Add(Code.VEX_Vmovdqa_ymmm256_ymm, &Copy256, &Store256Aligned, Guard.Avx);
        table.Add(Code.VEX_Vmovntps_m256_ymm, null, &Store256Aligned, Guard.Avx);
        table.Add(Code.VEX_Vmovntpd_m256_ymm, null, &Store256Aligned, Guard.Avx);
        table.Add(Code.VEX_Vmovntdq_m256_ymm, null, &Store256Aligned, Guard.Avx);

        table.Add(Code.VEX_Vzeroupper, &ZeroUpper, Guard.Avx);
        table.Add(Code.VEX_Vzeroall, &ZeroAll, Guard.Avx);
    }

    private static Status Copy(Vcpu cpu, Op* op)
    {
        cpu.Xmm<byte>(op->Reg0) = cpu.Xmm<byte>(op->Reg1);
        return Status.Next;
    }

    private static Status Load(Vcpu cpu, Op* op)
    {
        if (!cpu.Read<Vector128<byte>>(op, out var value))
            return cpu.FaultOrExit;
        cpu.Xmm<byte>(op->Reg0) = value;
        return Status.Next;
    }

    private static Status LoadAligned(Vcpu cpu, Op* op)
    {
        if (!cpu.ReadAligned<Vector128<byte>>(op, out var value))
            return cpu.FaultOrExit;
        cpu.Xmm<byte>(op->Reg0) = value;
        return Status.Next;
    }

    private static Status Store(Vcpu cpu, Op* op) => cpu.Write(op, cpu.Xmm<byte>(op->Reg1)) ? Status.Next : cpu.FaultOrExit;

    private static Status StoreAligned(Vcpu cpu, Op* op) =>
        cpu.WriteAligned(op, cpu.Xmm<byte>(op->Reg1)) ? Status.Next : cpu.FaultOrExit;

    private static Status Copy128(Vcpu cpu, Op* op)
    {
        cpu.SetVex128(op->Reg0, cpu.Xmm<byte>(op->Reg1));
        return Status.Next;
    }

    private static Status Load128(Vcpu cpu, Op* op)
    {
        if (!cpu.Read<Vector128<byte>>(op, out var value))
            return cpu.FaultOrExit;
        cpu.SetVex128(op->Reg0, value);
        return Status.Next;
    }

    private static Status Load128Aligned(Vcpu cpu, Op* op)
    {
        if (!cpu.ReadAligned<Vector128<byte>>(op, out var value))
            return cpu.FaultOrExit;
        cpu.SetVex128(op->Reg0, value);
        return Status.Next;
    }

    private static Status Copy256(Vcpu cpu, Op* op)
    {
        cpu.SetVex256(op->Reg0, cpu.Ymm<byte>(op->Reg1));
        return Status.Next;
    }

    private static Status Load256(Vcpu cpu, Op* op)
    {
        if (!cpu.Read<Vector256<byte>>(op, out var value))
            return cpu.FaultOrExit;
        cpu.SetVex256(op->Reg0, value);
        return Status.Next;
    }

    private static Status Load256Aligned(Vcpu cpu, Op* op)
    {
        if (!cpu.ReadAligned<Vector256<byte>>(op, out var value))
            return cpu.FaultOrExit;
        cpu.SetVex256(op->Reg0, value);
        return Status.Next;
    }

    private static Status Store256(Vcpu cpu, Op* op) => cpu.Write(op, cpu.Ymm<byte>(op->Reg1)) ? Status.Next : cpu.FaultOrExit;

    private static Status Store256Aligned(Vcpu cpu, Op* op) =>
        cpu.WriteAligned(op, cpu.Ymm<byte>(op->Reg1)) ? Status.Next : cpu.FaultOrExit;

    // Outside 64-bit mode only the first eight registers exist (SDM 2D VZEROUPPER, VZEROALL).
    private static Status ZeroUpper(Vcpu cpu, Op* op)
    {
        var count = op->Is(OpFlags.LongMode) ? 16 : 8;
        for (byte i = 0; i < count; i++)
            cpu.SetVex128(i, cpu.Xmm<byte>(i));
        return Status.Next;
    }

    private static Status ZeroAll(Vcpu cpu, Op* op)
    {
        var count = op->Is(OpFlags.LongMode) ? 16 : 8;
        for (byte i = 0; i < count; i++)
            cpu.SetVex128(i, default);
        return Status.Next;
    }
}
