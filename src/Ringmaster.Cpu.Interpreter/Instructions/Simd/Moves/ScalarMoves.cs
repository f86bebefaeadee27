using System.Runtime.Intrinsics;
using Iced.Intel;
using Ringmaster.Cpu.Interpreter.Decoding;
using Ringmaster.Cpu.Interpreter.Execution;
using Ringmaster.Cpu.Interpreter.Instructions.Simd.Forms;

namespace Ringmaster.Cpu.Interpreter.Instructions.Simd.Moves;

/// <summary>MOVSS, MOVSD, MOVD and MOVQ, and their like: loads clear the rest of 128 bits, register forms of MOVSS and MOVSD merge.</summary>
internal static unsafe class ScalarMoves
{
    public static void Register(HandlerTable table)
    {
        table.Add(Code.Movss_xmm_xmmm32, &Merge<uint>, &Load<uint>, Guard.Sse);
        table.Add(Code.Movsd_xmm_xmmm64, &Merge<ulong>, &Load<ulong>, Guard.Sse);
        table.Add(Code.Movss_xmmm32_xmm, &Merge<uint>, &Store<uint>, Guard.Sse);
        table.Add(Code.Movsd_xmmm64_xmm, &Merge<ulong>, &Store<ulong>, Guard.Sse);
        table.Add(Code.Movntss_m32_xmm, null, &Store<uint>, Guard.Sse);
        table.Add(Code.Movntsd_m64_xmm, null, &Store<ulong>, Guard.Sse);
        table.Add(Code.VEX_Vmovss_xmm_xmm_xmm, &Merge128<uint>, null, Guard.Avx);
        table.Add(Code.VEX_Vmovsd_xmm_xmm_xmm, &Merge128<ulong>, null, Guard.Avx);
        table.Add(Code.VEX_Vmovss_xmm_xmm_xmm_0F11, &Merge128<uint>, null, Guard.Avx);
        table.Add(Code.VEX_Vmovsd_xmm_xmm_xmm_0F11, &Merge128<ulong>, null, Guard.Avx);
        table.Add(Code.VEX_Vmovss_xmm_m32, null, &Load128<uint>, Guard.Avx);
        table.Add(Code.VEX_Vmovsd_xmm_m64, null, &Load128<ulong>, Guard.Avx);
        table.Add(Code.VEX_Vmovss_m32_xmm, null, &Store<uint>, Guard.Avx);
        table.Add(Code.VEX_Vmovsd_m64_xmm, null, &Store<ulong>, Guard.Avx);

        table.Add(Code.Movd_xmm_rm32, &FromGeneral<uint>, &Load<uint>, Guard.Sse);
        table.Add(Code.Movq_xmm_rm64, &FromGeneral<ulong>, &Load<ulong>, Guard.Sse);
        table.Add(Code.VEX_Vmovd_xmm_rm32, &FromGeneral128<uint>, &Load128<uint>, Guard.Avx);
        table.Add(Code.VEX_Vmovq_xmm_rm64, &FromGeneral128<ulong>, &Load128<ulong>, Guard.Avx);
        table.Add(Code.Movd_rm32_xmm, &ToGeneral<uint>, &Store<uint>, Guard.Sse);
        table.Add(Code.Movq_rm64_xmm, &ToGeneral<ulong>, &Store<ulong>, Guard.Sse);
        table.Add(Code.VEX_Vmovd_rm32_xmm, &ToGeneral<uint>, &Store<uint>, Guard.Avx);
        table.Add(Code.VEX_Vmovq_rm64_xmm, &ToGeneral<ulong>, &Store<ulong>, Guard.Avx);

        table.Add(Code.Movq_xmm_xmmm64, &CopyLow, &Load<ulong>, Guard.Sse);
        table.Add(Code.Movq_xmmm64_xmm, &CopyLow, &Store<ulong>, Guard.Sse);
        table.Add(Code.VEX_Vmovq_xmm_xmmm64, &CopyLow128, &Load128<ulong>, Guard.Avx);
        table.Add(Code.VEX_Vmovq_xmmm64_xmm, &CopyLow128, &Store<ulong>, Guard.Avx);
    }

    private static Status Merge<T>(Vcpu cpu, Op* op) where T : unmanaged
    {
        ref var destination = ref cpu.Xmm<T>(op->Reg0);
        destination = destination.WithElement(0, cpu.Xmm<T>(op->Reg1).ToScalar());
        return Status.Next;
    }

    private static Status Merge128<T>(Vcpu cpu, Op* op) where T : unmanaged
    {
        cpu.SetVex128(op->Reg0, cpu.Xmm<T>(op->Reg1).WithElement(0, cpu.Xmm<T>(op->Reg2).ToScalar()).AsByte());
        return Status.Next;
    }

    private static Status Load<T>(Vcpu cpu, Op* op) where T : unmanaged
    {
        if (!cpu.Read<T>(op, out var value))
            return cpu.FaultOrExit;
        cpu.Xmm<T>(op->Reg0) = Vector128.CreateScalar(value);
        return Status.Next;
    }

    private static Status Load128<T>(Vcpu cpu, Op* op) where T : unmanaged
    {
        if (!cpu.Read<T>(op, out var value))
            return cpu.FaultOrExit;
        cpu.SetVex128(op->Reg0, Vector128.CreateScalar(value).AsByte());
        return Status.Next;
    }

    private static Status Store<T>(Vcpu cpu, Op* op) where T : unmanaged =>
        cpu.Write(op, cpu.Xmm<T>(op->Reg1).ToScalar()) ? Status.Next : cpu.FaultOrExit;

    private static Status FromGeneral<T>(Vcpu cpu, Op* op) where T : unmanaged
    {
        cpu.Xmm<T>(op->Reg0) = Vector128.CreateScalar(cpu.Reg<T>(op->Reg1));
        return Status.Next;
    }

    private static Status FromGeneral128<T>(Vcpu cpu, Op* op) where T : unmanaged
    {
        cpu.SetVex128(op->Reg0, Vector128.CreateScalar(cpu.Reg<T>(op->Reg1)).AsByte());
        return Status.Next;
    }

    private static Status ToGeneral<T>(Vcpu cpu, Op* op) where T : unmanaged
    {
        cpu.SetReg(op->Reg0, cpu.Xmm<T>(op->Reg1).ToScalar());
        return Status.Next;
    }

    private static Status CopyLow(Vcpu cpu, Op* op)
    {
        cpu.Xmm<ulong>(op->Reg0) = Vector128.CreateScalar(cpu.Xmm<ulong>(op->Reg1).ToScalar());
        return Status.Next;
    }

    private static Status CopyLow128(Vcpu cpu, Op* op)
    {
        cpu.SetVex128(op->Reg0, Vector128.CreateScalar(cpu.Xmm<ulong>(op->Reg1).ToScalar()).AsByte());
        return Status.Next;
    }
}
