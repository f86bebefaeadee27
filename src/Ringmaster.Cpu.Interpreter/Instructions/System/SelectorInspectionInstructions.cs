using Iced.Intel;
using Ringmaster.Cpu.Interpreter.Decoding;
using Ringmaster.Cpu.Interpreter.Execution;

namespace Ringmaster.Cpu.Interpreter.Instructions;

/// <summary>LAR, LSL, VERR, VERW, ARPL: looking at selectors without loading them.</summary>
internal static unsafe class SelectorInspectionInstructions
{
    public static void Register(HandlerTable table)
    {
        table.Add(Code.Lar_r16_rm16, &RightsOfRegister<ushort>, &RightsOfMemory<ushort>);
        table.Add(Code.Lar_r32_r32m16, &RightsOfRegister<uint>, &RightsOfMemory<uint>);
        table.Add(Code.Lar_r64_r64m16, &RightsOfRegister<uint>, &RightsOfMemory<uint>);
        table.Add(Code.Lsl_r16_rm16, &LimitOfRegister<ushort>, &LimitOfMemory<ushort>);
        table.Add(Code.Lsl_r32_r32m16, &LimitOfRegister<uint>, &LimitOfMemory<uint>);
        table.Add(Code.Lsl_r64_r64m16, &LimitOfRegister<uint>, &LimitOfMemory<uint>);
        foreach (var code in (ReadOnlySpan<Code>)[Code.Verr_rm16, Code.Verr_r32m16, Code.Verr_r64m16])
            table.Add(code, &VerifyReadOfRegister, &VerifyReadOfMemory);
        foreach (var code in (ReadOnlySpan<Code>)[Code.Verw_rm16, Code.Verw_r32m16, Code.Verw_r64m16])
            table.Add(code, &VerifyWriteOfRegister, &VerifyWriteOfMemory);
        table.Add(Code.Arpl_rm16_r16, &AdjustRegister, &AdjustMemory);
        table.Add(Code.Arpl_r32m16_r32, &AdjustRegister, &AdjustMemory);
    }

    private static Status RightsOfRegister<T>(Vcpu cpu, Op* op) where T : unmanaged => Rights<T>(cpu, op, cpu.Reg<ushort>(op->Reg1));

    private static Status RightsOfMemory<T>(Vcpu cpu, Op* op) where T : unmanaged =>
        ReadSelector(cpu, op, out var selector) ? Rights<T>(cpu, op, selector) : cpu.FaultOrExit;

    private static Status Rights<T>(Vcpu cpu, Op* op, ushort selector) where T : unmanaged
    {
        if (!cpu.IsProtectedNotVirtual)
            return cpu.RaiseInvalidOpcode();
        if (!cpu.InspectSelector(selector, Inspection.Rights, out var descriptor, out var accessible))
            return cpu.FaultOrExit;
        if (accessible)
            SetResult<T>(cpu, op, (uint)(descriptor.Low >> 32) & 0x00FF_FF00);
        cpu.ZF = accessible;
        return Status.Next;
    }

    private static Status LimitOfRegister<T>(Vcpu cpu, Op* op) where T : unmanaged => Limit<T>(cpu, op, cpu.Reg<ushort>(op->Reg1));

    private static Status LimitOfMemory<T>(Vcpu cpu, Op* op) where T : unmanaged =>
        ReadSelector(cpu, op, out var selector) ? Limit<T>(cpu, op, selector) : cpu.FaultOrExit;

    private static Status Limit<T>(Vcpu cpu, Op* op, ushort selector) where T : unmanaged
    {
        if (!cpu.IsProtectedNotVirtual)
            return cpu.RaiseInvalidOpcode();
        if (!cpu.InspectSelector(selector, Inspection.Limit, out var descriptor, out var accessible))
            return cpu.FaultOrExit;
        if (accessible)
            SetResult<T>(cpu, op, descriptor.Limit);
        cpu.ZF = accessible;
        return Status.Next;
    }

    private static void SetResult<T>(Vcpu cpu, Op* op, uint value) where T : unmanaged
    {
        if (typeof(T) == typeof(ushort))
            cpu.SetReg(op->Reg0, (ushort)value);
        else
            cpu.SetReg(op->Reg0, value);
    }

    private static Status VerifyReadOfRegister(Vcpu cpu, Op* op) => Verify(cpu, cpu.Reg<ushort>(op->Reg0), Inspection.Reading);

    private static Status VerifyReadOfMemory(Vcpu cpu, Op* op) =>
        ReadSelector(cpu, op, out var selector) ? Verify(cpu, selector, Inspection.Reading) : cpu.FaultOrExit;

    private static Status VerifyWriteOfRegister(Vcpu cpu, Op* op) => Verify(cpu, cpu.Reg<ushort>(op->Reg0), Inspection.Writing);

    private static Status VerifyWriteOfMemory(Vcpu cpu, Op* op) =>
        ReadSelector(cpu, op, out var selector) ? Verify(cpu, selector, Inspection.Writing) : cpu.FaultOrExit;

    private static Status Verify(Vcpu cpu, ushort selector, Inspection purpose)
    {
        if (!cpu.IsProtectedNotVirtual)
            return cpu.RaiseInvalidOpcode();
        if (!cpu.InspectSelector(selector, purpose, out _, out var accessible))
            return cpu.FaultOrExit;
        cpu.ZF = accessible;
        return Status.Next;
    }

    private static Status AdjustRegister(Vcpu cpu, Op* op)
    {
        if (!cpu.IsProtectedNotVirtual)
            return cpu.RaiseInvalidOpcode();
        var adjusted = Adjust(cpu, cpu.Reg<ushort>(op->Reg0), cpu.Reg<ushort>(op->Reg1));
        cpu.SetReg(op->Reg0, adjusted);
        return Status.Next;
    }

    private static Status AdjustMemory(Vcpu cpu, Op* op)
    {
        if (!cpu.IsProtectedNotVirtual)
            return cpu.RaiseInvalidOpcode();
        // The operand is only stored to when it changes, and must only be writable then.
        if (!cpu.Read(op, out ushort selector))
            return cpu.FaultOrExit;
        var level = cpu.Reg<ushort>(op->Reg1);
        if ((selector & 3) < (level & 3) && !cpu.Write(op, (ushort)((selector & ~3) | (level & 3))))
            return cpu.FaultOrExit;
        cpu.ZF = (selector & 3) < (level & 3);
        return Status.Next;
    }

    private static ushort Adjust(Vcpu cpu, ushort selector, ushort level)
    {
        var raises = (selector & 3) < (level & 3);
        cpu.ZF = raises;
        return raises ? (ushort)((selector & ~3) | (level & 3)) : selector;
    }

    // The #UD of real mode comes before any access.
    private static bool ReadSelector(Vcpu cpu, Op* op, out ushort selector)
    {
        selector = 0;
        if (cpu.IsProtectedNotVirtual)
            return cpu.Read(op, out selector);
        cpu.RaiseInvalidOpcode();
        return false;
    }
}
