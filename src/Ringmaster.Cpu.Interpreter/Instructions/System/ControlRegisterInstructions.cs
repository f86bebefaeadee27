using Iced.Intel;
using Ringmaster.Cpu.Exits;
using Ringmaster.Cpu.Interpreter.Decoding;
using Ringmaster.Cpu.Interpreter.Execution;

namespace Ringmaster.Cpu.Interpreter.Instructions;

/// <summary>MOV to and from control and debug registers, CLTS, LMSW, SMSW.</summary>
internal static unsafe class ControlRegisterInstructions
{
    private const ulong MachineStatus = 0xF;

    public static void Register(HandlerTable table)
    {
        table.Add(Code.Mov_r32_cr, &ReadControl<uint>);
        table.Add(Code.Mov_r64_cr, &ReadControl<ulong>);
        table.Add(Code.Mov_cr_r32, &WriteControl<uint>);
        table.Add(Code.Mov_cr_r64, &WriteControl<ulong>);
        table.Add(Code.Mov_r32_dr, &ReadDebug<uint>);
        table.Add(Code.Mov_r64_dr, &ReadDebug<ulong>);
        table.Add(Code.Mov_dr_r32, &WriteDebug<uint>);
        table.Add(Code.Mov_dr_r64, &WriteDebug<ulong>);
        table.Add(Code.Clts, &ClearTaskSwitched);
        table.Add(Code.Lmsw_rm16, &LoadStatusFromRegister, &LoadStatusFromMemory);
        table.Add(Code.Lmsw_r32m16, &LoadStatusFromRegister, &LoadStatusFromMemory);
        table.Add(Code.Lmsw_r64m16, &LoadStatusFromRegister, &LoadStatusFromMemory);
        table.Add(Code.Smsw_rm16, &StoreStatusToRegister<ushort>, &StoreStatusToMemory);
        table.Add(Code.Smsw_r32m16, &StoreStatusToRegister<uint>, &StoreStatusToMemory);
        table.Add(Code.Smsw_r64m16, &StoreStatusToRegister<ulong>, &StoreStatusToMemory);
    }

    private static Status ReadControl<T>(Vcpu cpu, Op* op) where T : unmanaged
    {
        var index = op->Reg1;
        if (!HasControl(cpu, op, index))
            return cpu.RaiseInvalidOpcode();
        if (cpu.Cpl != 0)
            return cpu.RaiseGeneralProtection();
        var value = index switch { 0 => cpu.Cr0, 2 => cpu.Cr2, 3 => cpu.Cr3, 4 => cpu.Cr4, _ => cpu.Cr8 };
        cpu.R64(op->Reg0) = sizeof(T) == 4 ? (uint)value : value;
        return Status.Next;
    }

    private static Status WriteControl<T>(Vcpu cpu, Op* op) where T : unmanaged
    {
        var index = op->Reg0;
        if (!HasControl(cpu, op, index))
            return cpu.RaiseInvalidOpcode();
        if (cpu.Cpl != 0)
            return cpu.RaiseGeneralProtection();
        var value = cpu.R64(op->Reg1);
        if (sizeof(T) == 4)
            value = (uint)value;
        bool done;
        if (index != 8)
            Vcpu.Serialize();
        switch (index)
        {
            case 0:
                done = cpu.WriteCr0(value);
                break;
            case 2:
                cpu.Cr2 = value;
                return Status.Next;
            case 3:
                done = cpu.WriteCr3(value);
                break;
            case 4:
                done = cpu.WriteCr4(value);
                break;
            default:
                if (value > 0xF)
                    return cpu.RaiseGeneralProtection();
                cpu.Cr8 = value;
                if (value >= cpu.TaskPriorityThreshold)
                    return Status.Next;
                cpu.Rip = cpu.NextRipOf(op);
                return cpu.ReportAfter(VmExit.TaskPriority(value));
        }
        return done ? cpu.GoOn(op) : cpu.FaultOrExit;
    }

    // LOCK MOV CR0 is how AMD processors reach CR8 outside 64-bit mode (APM 3 MOV CRn).
    private static bool HasControl(Vcpu cpu, Op* op, int index) =>
        index is 0 or 2 or 3 or 4 || (index == 8 && (!op->Is(OpFlags.Lock) || cpu.Features.IsAmd));

    private static Status ReadDebug<T>(Vcpu cpu, Op* op) where T : unmanaged
    {
        if (!cpu.CheckDebugAccess(op->Reg1, out var register))
            return cpu.FaultOrExit;
        var value = cpu.ReadDebug(register);
        cpu.R64(op->Reg0) = sizeof(T) == 4 ? (uint)value : value;
        return Status.Next;
    }

    private static Status WriteDebug<T>(Vcpu cpu, Op* op) where T : unmanaged
    {
        var value = cpu.R64(op->Reg1);
        if (!cpu.CheckDebugAccess(op->Reg0, out var register) || !cpu.WriteDebug(register, sizeof(T) == 4 ? (uint)value : value))
            return cpu.FaultOrExit;
        Vcpu.Serialize();
        return Status.Next;
    }

    private static Status ClearTaskSwitched(Vcpu cpu, Op* op)
    {
        if (cpu.Cpl != 0)
            return cpu.RaiseGeneralProtection();
        cpu.Cr0 &= ~Cr0Bits.TaskSwitched;
        return Status.Next;
    }

    private static Status LoadStatusFromRegister(Vcpu cpu, Op* op) => LoadStatus(cpu, op, cpu.Reg<ushort>(op->Reg0));

    private static Status LoadStatusFromMemory(Vcpu cpu, Op* op)
    {
        if (cpu.Cpl != 0)
            return cpu.RaiseGeneralProtection();
        return cpu.Read(op, out ushort value) ? LoadStatus(cpu, op, value) : cpu.FaultOrExit;
    }

    // PE, MP, EM and TS; PE can be set this way but not cleared.
    private static Status LoadStatus(Vcpu cpu, Op* op, ushort value)
    {
        if (cpu.Cpl != 0)
            return cpu.RaiseGeneralProtection();
        var status = (value & MachineStatus) | (cpu.Cr0 & Cr0Bits.ProtectionEnable);
        return cpu.WriteCr0((cpu.Cr0 & ~MachineStatus) | status) ? cpu.GoOn(op) : cpu.FaultOrExit;
    }

    private static Status StoreStatusToRegister<T>(Vcpu cpu, Op* op) where T : unmanaged
    {
        if (cpu.IsKeptFromUser)
            return cpu.RaiseGeneralProtection();
        if (sizeof(T) == 2)
            cpu.SetReg(op->Reg0, (ushort)cpu.Cr0);
        else
            cpu.R64(op->Reg0) = sizeof(T) == 4 ? (uint)cpu.Cr0 : cpu.Cr0;
        return Status.Next;
    }

    private static Status StoreStatusToMemory(Vcpu cpu, Op* op)
    {
        if (cpu.IsKeptFromUser)
            return cpu.RaiseGeneralProtection();
        return cpu.Write(op, (ushort)cpu.Cr0) ? Status.Next : cpu.FaultOrExit;
    }
}
