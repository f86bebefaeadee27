using System.Runtime.Intrinsics;
using Iced.Intel;
using Ringmaster.Cpu.Interpreter.Decoding;
using Ringmaster.Cpu.Interpreter.Execution;

namespace Ringmaster.Cpu.Interpreter.Instructions.Simd.Moves;

/// <summary>PMOVMSKB, MOVMSKPS and MOVMSKPD: the elements' top bits gathered in a general register.</summary>
internal static unsafe class SignMasks
{
    public static void Register(HandlerTable table)
    {
        table.Add(Code.Pmovmskb_r32_xmm, &Mask128<byte>, null, Guard.Sse);
        table.Add(Code.Pmovmskb_r64_xmm, &Mask128<byte>, null, Guard.Sse);
        table.Add(Code.VEX_Vpmovmskb_r32_xmm, &Mask128<byte>, null, Guard.Avx);
        table.Add(Code.VEX_Vpmovmskb_r64_xmm, &Mask128<byte>, null, Guard.Avx);
        table.Add(Code.VEX_Vpmovmskb_r32_ymm, &Mask256<byte>, null, Guard.Avx);
        table.Add(Code.VEX_Vpmovmskb_r64_ymm, &Mask256<byte>, null, Guard.Avx);
        table.Add(Code.Movmskps_r32_xmm, &Mask128<uint>, null, Guard.Sse);
        table.Add(Code.Movmskps_r64_xmm, &Mask128<uint>, null, Guard.Sse);
        table.Add(Code.VEX_Vmovmskps_r32_xmm, &Mask128<uint>, null, Guard.Avx);
        table.Add(Code.VEX_Vmovmskps_r64_xmm, &Mask128<uint>, null, Guard.Avx);
        table.Add(Code.VEX_Vmovmskps_r32_ymm, &Mask256<uint>, null, Guard.Avx);
        table.Add(Code.VEX_Vmovmskps_r64_ymm, &Mask256<uint>, null, Guard.Avx);
        table.Add(Code.Movmskpd_r32_xmm, &Mask128<ulong>, null, Guard.Sse);
        table.Add(Code.Movmskpd_r64_xmm, &Mask128<ulong>, null, Guard.Sse);
        table.Add(Code.VEX_Vmovmskpd_r32_xmm, &Mask128<ulong>, null, Guard.Avx);
        table.Add(Code.VEX_Vmovmskpd_r64_xmm, &Mask128<ulong>, null, Guard.Avx);
        table.Add(Code.VEX_Vmovmskpd_r32_ymm, &Mask256<ulong>, null, Guard.Avx);
        table.Add(Code.VEX_Vmovmskpd_r64_ymm, &Mask256<ulong>, null, Guard.Avx);
    }

    private static Status Mask128<T>(Vcpu cpu, Op* op) where T : unmanaged
    {
        cpu.R64(op->Reg0) = cpu.Xmm<T>(op->Reg1).ExtractMostSignificantBits();
        return Status.Next;
    }

    private static Status Mask256<T>(Vcpu cpu, Op* op) where T : unmanaged
    {
        cpu.R64(op->Reg0) = cpu.Ymm<T>(op->Reg1).ExtractMostSignificantBits();
        return Status.Next;
    }
}
