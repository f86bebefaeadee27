using Iced.Intel;
using Ringmaster.Cpu.Exits;
using Ringmaster.Cpu.Interpreter.Decoding;
using Ringmaster.Cpu.Interpreter.Execution;
using Ringmaster.Cpu.Interpreter.Flags;
using Ringmaster.Cpu.State;

namespace Ringmaster.Cpu.Interpreter.Instructions;

/// <summary>HLT, PAUSE, MONITOR and MWAIT.</summary>
internal static unsafe class HaltInstructions
{
    public static void Register(HandlerTable table)
    {
        table.Add(Code.Hlt, &Halt);
        table.Add(Code.Pause, &Pause);
        table.Add(Code.Monitorw, &Monitor<ushort>);
        table.Add(Code.Monitord, &Monitor<uint>);
        table.Add(Code.Monitorq, &Monitor<ulong>);
        table.Add(Code.Mwait, &Wait);
    }

    private static Status Halt(Vcpu cpu, Op* op)
    {
        if (cpu.Cpl != 0)
            return cpu.RaiseGeneralProtection();
        cpu.Activity = ActivityState.Halted;
        cpu.Rip = cpu.NextRipOf(op);
        return cpu.ReportAfter(new VmExit(VmExitKind.Halt));
    }

    private static Status Pause(Vcpu cpu, Op* op)
    {
        cpu.Spin();
        return Status.Next;
    }

    // Checks the address as a load of one byte from DS:rAX would.
    private static Status Monitor<T>(Vcpu cpu, Op* op) where T : unmanaged
    {
        if (cpu.Cpl != 0)
            return cpu.RaiseInvalidOpcode();
        if (cpu.Reg<uint>(RegisterFile.Rcx) != 0)
            return cpu.RaiseGeneralProtection();
        var offset = sizeof(T) == 2 ? cpu.Reg<ushort>(RegisterFile.Rax)
            : sizeof(T) == 4 ? cpu.Reg<uint>(RegisterFile.Rax) : cpu.R64(RegisterFile.Rax);
        if (!cpu.CheckRead(op->Segment, offset))
            return cpu.FaultOrExit;
        cpu.IsMonitoring = true;
        return Status.Next;
    }

    // Any call of Run ends the wait: waking up is always allowed (SDM 3A 9.10.4). Interrupts that are masked and
    // yet to break the wait cannot be seen from here, so that form wakes up at once, as does one that nothing has armed.
    private static Status Wait(Vcpu cpu, Op* op)
    {
        if (cpu.Cpl != 0)
            return cpu.RaiseInvalidOpcode();
        var known = cpu.Features.MaskedInterruptsEndMwait ? 1u : 0;
        var extensions = cpu.Reg<uint>(RegisterFile.Rcx);
        if ((extensions & ~known) != 0)
            return cpu.RaiseGeneralProtection();
        cpu.Rip = cpu.NextRipOf(op);
        var waits = cpu.IsMonitoring && (extensions == 0 || (cpu.OtherFlags & Rflags.Interrupt) != 0);
        cpu.IsMonitoring = false;
        return waits ? cpu.ReportAfter(new VmExit(VmExitKind.Wait)) : Status.Branch;
    }
}
