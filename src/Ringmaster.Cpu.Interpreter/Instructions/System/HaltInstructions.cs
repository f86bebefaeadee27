using Iced.Intel;
using Ringmaster.Cpu.Exits;
using Ringmaster.Cpu.Interpreter.Decoding;
using Ringmaster.Cpu.Interpreter.Execution;
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

    private static Status Pause(Vcpu cpu, Op* op) => Status.Next;

    // Checks the address as a load of one byte from DS:rAX would.
    private static Status Monitor<T>(Vcpu cpu, Op* op) where T : unmanaged
    {
        if (cpu.Cpl != 0)
            return cpu.RaiseInvalidOpcode();
        if (cpu.Reg<uint>(RegisterFile.Rcx) != 0)
            return cpu.RaiseGeneralProtection();
        var offset = sizeof(T) == 2 ? cpu.Reg<ushort>(RegisterFile.Rax)
            : sizeof(T) == 4 ? cpu.Reg<uint>(RegisterFile.Rax) : cpu.R64(RegisterFile.Rax);
        return cpu.CheckRead(op->Segment, offset) ? Status.Next : cpu.FaultOrExit;
    }

    // Waking up at once is always allowed (SDM 3A 8.10.3): the monitored line may have been written at any time.
    private static Status Wait(Vcpu cpu, Op* op)
    {
        if (cpu.Cpl != 0)
            return cpu.RaiseInvalidOpcode();
        const ulong interruptsBreak = 1;
        return (cpu.R64(RegisterFile.Rcx) & ~interruptsBreak) != 0 ? cpu.RaiseGeneralProtection() : Status.Next;
    }
}
