using Iced.Intel;
using Ringmaster.Cpu.Interpreter.Decoding;
using Ringmaster.Cpu.Interpreter.Execution;
using Ringmaster.Cpu.Interpreter.Memory;

namespace Ringmaster.Cpu.Interpreter.Instructions;

/// <summary>MOV to and from segment registers, and LDS, LES, LFS, LGS, LSS (SDM 2A).</summary>
internal static unsafe class SegmentInstructions
{
    public static void Register(HandlerTable table)
    {
        table.Add(Code.Mov_rm16_Sreg, &StoreToRegister<ushort>, &StoreToMemory);
        table.Add(Code.Mov_r32m16_Sreg, &StoreToRegister<uint>, &StoreToMemory);
        table.Add(Code.Mov_r64m16_Sreg, &StoreToRegister<ulong>, &StoreToMemory);
        table.Add(Code.Mov_Sreg_rm16, &LoadFromRegister, &LoadFromMemory);
        table.Add(Code.Mov_Sreg_r32m16, &LoadFromRegister, &LoadFromMemory);
        table.Add(Code.Mov_Sreg_r64m16, &LoadFromRegister, &LoadFromMemory);
        AddFar<Es>(table, Code.Les_r16_m1616, Code.Les_r32_m1632, Code.INVALID);
        AddFar<Ds>(table, Code.Lds_r16_m1616, Code.Lds_r32_m1632, Code.INVALID);
        AddFar<Ss>(table, Code.Lss_r16_m1616, Code.Lss_r32_m1632, Code.Lss_r64_m1664);
        AddFar<Fs>(table, Code.Lfs_r16_m1616, Code.Lfs_r32_m1632, Code.Lfs_r64_m1664);
        AddFar<Gs>(table, Code.Lgs_r16_m1616, Code.Lgs_r32_m1632, Code.Lgs_r64_m1664);
    }

    private static void AddFar<TSegment>(HandlerTable table, Code narrow, Code wide, Code widest) where TSegment : struct, ISegmentName
    {
        table.Add(narrow, null, &LoadFar<TSegment, ushort>);
        table.Add(wide, null, &LoadFar<TSegment, uint>);
        if (widest != Code.INVALID)
            table.Add(widest, null, &LoadFar<TSegment, ulong>);
    }

    private static Status StoreToRegister<T>(Vcpu cpu, Op* op) where T : unmanaged
    {
        var selector = cpu.SegmentOf(op->Reg1).Selector;
        if (typeof(T) == typeof(ushort))
            cpu.SetReg(op->Reg0, selector);
        else
            cpu.R64(op->Reg0) = selector;
        return Status.Next;
    }

    private static Status StoreToMemory(Vcpu cpu, Op* op) =>
        cpu.Write(op, cpu.SegmentOf(op->Reg1).Selector) ? Status.Next : cpu.FaultOrExit;

    private static Status LoadFromRegister(Vcpu cpu, Op* op) => Load(cpu, op, cpu.Reg<ushort>(op->Reg1));

    private static Status LoadFromMemory(Vcpu cpu, Op* op) =>
        cpu.Read(op, out ushort selector) ? Load(cpu, op, selector) : cpu.FaultOrExit;

    private static Status Load(Vcpu cpu, Op* op, ushort selector)
    {
        if (op->Reg0 == SegmentIndex.Cs)
            return cpu.RaiseInvalidOpcode();
        if (!cpu.LoadSegment(op->Reg0, selector))
            return cpu.FaultOrExit;
        if (op->Reg0 == SegmentIndex.Ss)
            cpu.EnterShadow(movSs: true);
        return Status.Next;
    }

    // The offset comes first in memory, the selector after it; both are read before anything is loaded.
    private static Status LoadFar<TSegment, T>(Vcpu cpu, Op* op)
        where TSegment : struct, ISegmentName
        where T : unmanaged
    {
        if (!cpu.LinearOperand(op, sizeof(T) + 2, AccessKind.Read, out var linear)
            || !cpu.ReadLinear(op->Segment, linear, out T offset)
            || !cpu.ReadLinear(op->Segment, linear + (ulong)sizeof(T), out ushort selector)
            || !cpu.LoadSegment(TSegment.Index, selector))
            return cpu.FaultOrExit;
        cpu.SetReg(op->Reg0, offset);
        return Status.Next;
    }
}
