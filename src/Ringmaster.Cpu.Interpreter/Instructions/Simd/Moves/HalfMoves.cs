using System.Runtime.Intrinsics;
using Iced.Intel;
using Ringmaster.Cpu.Interpreter.Decoding;
using Ringmaster.Cpu.Interpreter.Execution;
using Ringmaster.Cpu.Interpreter.Instructions.Simd.Forms;

namespace Ringmaster.Cpu.Interpreter.Instructions.Simd.Moves;

/// <summary>Moves of one 64-bit half of an XMM register, and MOVDDUP.</summary>
internal static unsafe class HalfMoves
{
    public static void Register(HandlerTable table)
    {
        table.Add(Code.Movlps_xmm_m64, null, &LoadLow, Guard.Sse);
        table.Add(Code.Movlpd_xmm_m64, null, &LoadLow, Guard.Sse);
        table.Add(Code.Movhps_xmm_m64, null, &LoadHigh, Guard.Sse);
        table.Add(Code.Movhpd_xmm_m64, null, &LoadHigh, Guard.Sse);
        table.Add(Code.VEX_Vmovlps_xmm_xmm_m64, null, &LoadLow128, Guard.Avx);
        table.Add(Code.VEX_Vmovlpd_xmm_xmm_m64, null, &LoadLow128, Guard.Avx);
        table.Add(Code.VEX_Vmovhps_xmm_xmm_m64, null, &LoadHigh128, Guard.Avx);
        table.Add(Code.VEX_Vmovhpd_xmm_xmm_m64, null, &LoadHigh128, Guard.Avx);
        table.Add(Code.Movlps_m64_xmm, null, &StoreLow, Guard.Sse);
        table.Add(Code.Movlpd_m64_xmm, null, &StoreLow, Guard.Sse);
        table.Add(Code.Movhps_m64_xmm, null, &StoreHigh, Guard.Sse);
        table.Add(Code.Movhpd_m64_xmm, null, &StoreHigh, Guard.Sse);
        table.Add(Code.VEX_Vmovlps_m64_xmm, null, &StoreLow, Guard.Avx);
        table.Add(Code.VEX_Vmovlpd_m64_xmm, null, &StoreLow, Guard.Avx);
        table.Add(Code.VEX_Vmovhps_m64_xmm, null, &StoreHigh, Guard.Avx);
        table.Add(Code.VEX_Vmovhpd_m64_xmm, null, &StoreHigh, Guard.Avx);
        table.Add(Code.Movhlps_xmm_xmm, &HighToLow, null, Guard.Sse);
        table.Add(Code.Movlhps_xmm_xmm, &LowToHigh, null, Guard.Sse);
        table.Add(Code.VEX_Vmovhlps_xmm_xmm_xmm, &HighToLow128, null, Guard.Avx);
        table.Add(Code.VEX_Vmovlhps_xmm_xmm_xmm, &LowToHigh128, null, Guard.Avx);
        table.Add(Code.Movddup_xmm_xmmm64, &Duplicate, &DuplicateMemory, Guard.Sse);
        table.Add(Code.VEX_Vmovddup_xmm_xmmm64, &Duplicate128, &DuplicateMemory128, Guard.Avx);
        table.Add(Code.VEX_Vmovddup_ymm_ymmm256, &Duplicate256, &DuplicateMemory256, Guard.Avx);
    }

    private static Status LoadLow(Vcpu cpu, Op* op)
    {
        if (!cpu.Read<ulong>(op, out var value))
            return cpu.FaultOrExit;
        ref var destination = ref cpu.Xmm<ulong>(op->Reg0);
        destination = destination.WithElement(0, value);
        return Status.Next;
    }

    private static Status LoadHigh(Vcpu cpu, Op* op)
    {
        if (!cpu.Read<ulong>(op, out var value))
            return cpu.FaultOrExit;
        ref var destination = ref cpu.Xmm<ulong>(op->Reg0);
        destination = destination.WithElement(1, value);
        return Status.Next;
    }

    private static Status LoadLow128(Vcpu cpu, Op* op)
    {
        if (!cpu.Read<ulong>(op, out var value))
            return cpu.FaultOrExit;
        cpu.SetVex128(op->Reg0, cpu.Xmm<ulong>(op->Reg1).WithElement(0, value).AsByte());
        return Status.Next;
    }

    private static Status LoadHigh128(Vcpu cpu, Op* op)
    {
        if (!cpu.Read<ulong>(op, out var value))
            return cpu.FaultOrExit;
        cpu.SetVex128(op->Reg0, cpu.Xmm<ulong>(op->Reg1).WithElement(1, value).AsByte());
        return Status.Next;
    }

    private static Status StoreLow(Vcpu cpu, Op* op) =>
        cpu.Write(op, cpu.Xmm<ulong>(op->Reg1).GetElement(0)) ? Status.Next : cpu.FaultOrExit;

    private static Status StoreHigh(Vcpu cpu, Op* op) =>
        cpu.Write(op, cpu.Xmm<ulong>(op->Reg1).GetElement(1)) ? Status.Next : cpu.FaultOrExit;

    private static Status HighToLow(Vcpu cpu, Op* op)
    {
        ref var destination = ref cpu.Xmm<ulong>(op->Reg0);
        destination = destination.WithElement(0, cpu.Xmm<ulong>(op->Reg1).GetElement(1));
        return Status.Next;
    }

    private static Status LowToHigh(Vcpu cpu, Op* op)
    {
        ref var destination = ref cpu.Xmm<ulong>(op->Reg0);
        destination = destination.WithElement(1, cpu.Xmm<ulong>(op->Reg1).GetElement(0));
        return Status.Next;
    }

    private static Status HighToLow128(Vcpu cpu, Op* op)
    {
        cpu.SetVex128(op->Reg0, cpu.Xmm<ulong>(op->Reg1).WithElement(0, cpu.Xmm<ulong>(op->Reg2).GetElement(1)).AsByte());
        return Status.Next;
    }

    private static Status LowToHigh128(Vcpu cpu, Op* op)
    {
        cpu.SetVex128(op->Reg0, cpu.Xmm<ulong>(op->Reg1).WithElement(1, cpu.Xmm<ulong>(op->Reg2).GetElement(0)).AsByte());
        return Status.Next;
    }

    private static Status Duplicate(Vcpu cpu, Op* op)
    {
        cpu.Xmm<ulong>(op->Reg0) = Vector128.Create(cpu.Xmm<ulong>(op->Reg1).ToScalar());
        return Status.Next;
    }

    private static Status DuplicateMemory(Vcpu cpu, Op* op)
    {
        if (!cpu.Read<ulong>(op, out var value))
            return cpu.FaultOrExit;
        cpu.Xmm<ulong>(op->Reg0) = Vector128.Create(value);
        return Status.Next;
    }

    private static Status Duplicate128(Vcpu cpu, Op* op)
    {
        cpu.SetVex128(op->Reg0, Vector128.Create(cpu.Xmm<ulong>(op->Reg1).ToScalar()).AsByte());
        return Status.Next;
    }

    private static Status DuplicateMemory128(Vcpu cpu, Op* op)
    {
        if (!cpu.Read<ulong>(op, out var value))
            return cpu.FaultOrExit;
        cpu.SetVex128(op->Reg0, Vector128.Create(value).AsByte());
        return Status.Next;
    }

    private static Status Duplicate256(Vcpu cpu, Op* op)
    {
        SetEven(cpu, op->Reg0, cpu.Ymm<ulong>(op->Reg1));
        return Status.Next;
    }

    private static Status DuplicateMemory256(Vcpu cpu, Op* op)
    {
        if (!cpu.Read<Vector256<ulong>>(op, out var value))
            return cpu.FaultOrExit;
        SetEven(cpu, op->Reg0, value);
        return Status.Next;
    }

    private static void SetEven(Vcpu cpu, byte register, Vector256<ulong> source) =>
        cpu.SetVex256(register, Vector128.Create(source.GetElement(0)).AsByte(), Vector128.Create(source.GetElement(2)).AsByte());
}
