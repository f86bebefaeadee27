using Iced.Intel;
using Ringmaster.Cpu.Interpreter.Decoding;
using Ringmaster.Cpu.Interpreter.Execution;
using Ringmaster.Cpu.Interpreter.Memory;
using Ringmaster.Cpu.State;

namespace Ringmaster.Cpu.Interpreter.Instructions;

/// <summary>LGDT, LIDT, SGDT, SIDT, LLDT, LTR, SLDT, STR.</summary>
internal static unsafe class DescriptorTableInstructions
{
    private const uint NarrowBase = 0xFF_FFFF;

    public static void Register(HandlerTable table)
    {
        table.Add(Code.Lgdt_m1632_16, null, &LoadGlobalNarrow);
        table.Add(Code.Lgdt_m1632, null, &LoadGlobal<uint>);
        table.Add(Code.Lgdt_m1664, null, &LoadGlobal<ulong>);
        table.Add(Code.Lidt_m1632_16, null, &LoadInterruptNarrow);
        table.Add(Code.Lidt_m1632, null, &LoadInterrupt<uint>);
        table.Add(Code.Lidt_m1664, null, &LoadInterrupt<ulong>);
        // With a 16-bit operand all 32 bits of the base are stored too, whatever the manual's table says of the 80286.
        table.Add(Code.Sgdt_m1632_16, null, &StoreGlobal<uint>);
        table.Add(Code.Sgdt_m1632, null, &StoreGlobal<uint>);
        table.Add(Code.Sgdt_m1664, null, &StoreGlobal<ulong>);
        table.Add(Code.Sidt_m1632_16, null, &StoreInterrupt<uint>);
        table.Add(Code.Sidt_m1632, null, &StoreInterrupt<uint>);
        table.Add(Code.Sidt_m1664, null, &StoreInterrupt<ulong>);
        foreach (var code in (ReadOnlySpan<Code>)[Code.Lldt_rm16, Code.Lldt_r32m16, Code.Lldt_r64m16])
            table.Add(code, &LoadLocalFromRegister, &LoadLocalFromMemory);
        foreach (var code in (ReadOnlySpan<Code>)[Code.Ltr_rm16, Code.Ltr_r32m16, Code.Ltr_r64m16])
            table.Add(code, &LoadTaskFromRegister, &LoadTaskFromMemory);
        table.Add(Code.Sldt_rm16, &StoreLocal<ushort>, &StoreLocalToMemory);
        table.Add(Code.Sldt_r32m16, &StoreLocal<uint>, &StoreLocalToMemory);
        table.Add(Code.Sldt_r64m16, &StoreLocal<ulong>, &StoreLocalToMemory);
        table.Add(Code.Str_rm16, &StoreTask<ushort>, &StoreTaskToMemory);
        table.Add(Code.Str_r32m16, &StoreTask<uint>, &StoreTaskToMemory);
        table.Add(Code.Str_r64m16, &StoreTask<ulong>, &StoreTaskToMemory);
    }

    private static Status LoadGlobalNarrow(Vcpu cpu, Op* op) => Load<uint>(cpu, op, ref cpu.Gdtr, NarrowBase);

    private static Status LoadGlobal<T>(Vcpu cpu, Op* op) where T : unmanaged => Load<T>(cpu, op, ref cpu.Gdtr, ulong.MaxValue);

    private static Status LoadInterruptNarrow(Vcpu cpu, Op* op) => Load<uint>(cpu, op, ref cpu.Idtr, NarrowBase);

    private static Status LoadInterrupt<T>(Vcpu cpu, Op* op) where T : unmanaged => Load<T>(cpu, op, ref cpu.Idtr, ulong.MaxValue);

    private static Status Load<T>(Vcpu cpu, Op* op, ref DescriptorTable register, ulong mask) where T : unmanaged
    {
        if (cpu.Cpl != 0)
            return cpu.RaiseGeneralProtection();
        if (!cpu.LinearOperand(op, sizeof(T) + 2, AccessKind.Read, out var linear)
            || !cpu.ReadLinear(op->Segment, linear, out ushort limit)
            || !cpu.ReadLinear(op->Segment, linear + 2, out T value))
            return cpu.FaultOrExit;
        var start = (sizeof(T) == 4 ? (uint)Vcpu.SignExtend(value) : Vcpu.SignExtend(value)) & mask;
        if (sizeof(T) == 8 && !cpu.IsCanonicalBase(start))
            return cpu.RaiseGeneralProtection();
        register = new DescriptorTable(start, limit);
        cpu.LevelChangesChanged();
        Vcpu.Serialize();
        return Status.Next;
    }

    private static Status StoreGlobal<T>(Vcpu cpu, Op* op) where T : unmanaged => Store<T>(cpu, op, cpu.Gdtr);

    private static Status StoreInterrupt<T>(Vcpu cpu, Op* op) where T : unmanaged => Store<T>(cpu, op, cpu.Idtr);

    private static Status Store<T>(Vcpu cpu, Op* op, in DescriptorTable register) where T : unmanaged
    {
        if (cpu.IsKeptFromUser)
            return cpu.RaiseGeneralProtection();
        if (!cpu.LinearOperand(op, sizeof(T) + 2, AccessKind.Write, out var linear)
            || !cpu.ProbeWrite(op->Segment, linear, sizeof(T) + 2)
            || !cpu.WriteLinear(op->Segment, linear, register.Limit))
            return cpu.FaultOrExit;
        var done = sizeof(T) == 4
            ? cpu.WriteLinear(op->Segment, linear + 2, (uint)register.Base)
            : cpu.WriteLinear(op->Segment, linear + 2, register.Base);
        return done ? Status.Next : cpu.FaultOrExit;
    }

    private static Status LoadLocalFromRegister(Vcpu cpu, Op* op) =>
        CheckPrivilege(cpu) ?? (cpu.LoadLocalTable(cpu.Reg<ushort>(op->Reg0)) ? Status.Next : cpu.FaultOrExit);

    private static Status LoadLocalFromMemory(Vcpu cpu, Op* op) =>
        CheckPrivilege(cpu) ?? (cpu.Read(op, out ushort selector) && cpu.LoadLocalTable(selector) ? Status.Next : cpu.FaultOrExit);

    private static Status LoadTaskFromRegister(Vcpu cpu, Op* op) =>
        CheckPrivilege(cpu) ?? (cpu.LoadTaskRegister(cpu.Reg<ushort>(op->Reg0)) ? Status.Next : cpu.FaultOrExit);

    private static Status LoadTaskFromMemory(Vcpu cpu, Op* op) =>
        CheckPrivilege(cpu) ?? (cpu.Read(op, out ushort selector) && cpu.LoadTaskRegister(selector) ? Status.Next : cpu.FaultOrExit);

    private static Status StoreLocal<T>(Vcpu cpu, Op* op) where T : unmanaged => StoreToRegister<T>(cpu, op, SegmentIndex.Ldtr);

    private static Status StoreLocalToMemory(Vcpu cpu, Op* op) => StoreToMemory(cpu, op, SegmentIndex.Ldtr);

    private static Status StoreTask<T>(Vcpu cpu, Op* op) where T : unmanaged => StoreToRegister<T>(cpu, op, SegmentIndex.Tr);

    private static Status StoreTaskToMemory(Vcpu cpu, Op* op) => StoreToMemory(cpu, op, SegmentIndex.Tr);

    private static Status? CheckPrivilege(Vcpu cpu)
    {
        Vcpu.Serialize();
        if (!cpu.IsProtectedNotVirtual)
            return cpu.RaiseInvalidOpcode();
        return cpu.Cpl != 0 ? cpu.RaiseGeneralProtection() : null;
    }

    private static Status StoreToRegister<T>(Vcpu cpu, Op* op, int index) where T : unmanaged
    {
        if (!cpu.IsProtectedNotVirtual)
            return cpu.RaiseInvalidOpcode();
        if (cpu.IsKeptFromUser)
            return cpu.RaiseGeneralProtection();
        var selector = cpu.SegmentOf(index).Selector;
        if (sizeof(T) == 2)
            cpu.SetReg(op->Reg0, selector);
        else
            cpu.R64(op->Reg0) = selector;
        return Status.Next;
    }

    private static Status StoreToMemory(Vcpu cpu, Op* op, int index)
    {
        if (!cpu.IsProtectedNotVirtual)
            return cpu.RaiseInvalidOpcode();
        if (cpu.IsKeptFromUser)
            return cpu.RaiseGeneralProtection();
        return cpu.Write(op, cpu.SegmentOf(index).Selector) ? Status.Next : cpu.FaultOrExit;
    }
}
