using System.Diagnostics;
using Ringmaster.Conformance.Tests.Engines;
using Ringmaster.Cpu;
using Ringmaster.Cpu.Exits;
using Ringmaster.Cpu.Interrupts;
using Ringmaster.Memory;

namespace Ringmaster.Conformance.Tests.Harness;

/// <summary>Runs a case on an engine, through the interface that a machine uses.</summary>
internal static class CaseRunner
{
    private const int PatienceMilliseconds = 20_000, LookMilliseconds = 300;

    /// <summary>A case's guest before the run.</summary>
    public static Guest Prepare(Case row)
    {
        var guest = new Guest(row.Mode);
        guest.Assemble(row.Code);
        guest.State.Registers[0] = row.Rax;
        guest.State.Registers[1] = row.Rcx;
        guest.State.Registers[2] = row.Rdx;
        row.Given?.Invoke(guest);
        if (row.Nmi)
            guest.State.NmiPending = true;
        return guest;
    }

    public static Guest Run(IEngine engine, Case row)
    {
        var guest = Prepare(row);
        if (EngineUnderTest.IsKvm(engine.Name) && EmulatedProcessor.IsHost)
            EmulatedProcessor.Adapt(guest);
        using var stage = Stage.Enter(engine, TestModel.Of(row.Intel, row.Wide || row.Mode.IsFiveLevel()));
        stage.Cpu.TaskPriorityThreshold = row.TaskPriorityThreshold;
        Run(guest, stage.Cpu, stage.Memory, row.Interrupt, fabric: stage.Fabric);
        return guest;
    }

    /// <summary>Runs a guest to its end.</summary>
    public static void Run(
        Guest guest, IVirtualCpu cpu, GuestMemory memory, byte? interrupt = null, int patience = PatienceMilliseconds, IInterruptFabric? fabric = null)
    {
        memory.TryWrite(new(0), guest.Memory);
        cpu.Import(guest.State);
        var apic = cpu.Apic is null ? null : ApicUnderTest.Enter(cpu, fabric!, guest.State);
        if (apic is null)
            cpu.WantsInterruptWindow = interrupt is not null;
        else if (interrupt is { } vector)
            apic.Send(vector);
        // A vCPU with a local APIC waits by itself when it is halted, so it is looked after now and then.
        var look = apic is null ? patience : LookMilliseconds;
        using var watchdog = new Timer(_ => cpu.Kick(), null, look, look);
        var start = Stopwatch.GetTimestamp();
        var answer = ExitAnswer.Done;
        while (true)
        {
            var exit = cpu.Run(answer);
            if (apic is not null && exit.Kind == VmExitKind.Kicked && Stopwatch.GetElapsedTime(start).TotalMilliseconds < patience)
            {
                answer = ExitAnswer.Done;
                if (!apic.IsHalted)
                    continue;
                guest.Ending = Ending.Halt;
                break;
            }
            if (EndingOf(exit, guest) is { } ending)
            {
                guest.Ending = ending;
                break;
            }
            answer = ExitAnswer.Done;
            if (exit.Kind == VmExitKind.InterruptWindow)
            {
                cpu.WantsInterruptWindow = false;
                cpu.InjectInterrupt(interrupt!.Value);
                continue;
            }
            guest.Exits.Add(exit);
            if (!guest.Answers.TryDequeue(out answer) && exit.Kind is VmExitKind.MsrRead or VmExitKind.MsrWrite)
                answer = ExitAnswer.GeneralProtection;
        }
        while (cpu.Settle(ExitAnswer.Done) is not null)
        {
        }
        cpu.Export(guest.State);
        // Both the mark and a handler's first instruction have two bytes.
        if (guest.Ending is Ending.Mark or Ending.Handler)
            guest.State.Rip -= 2;
        memory.TryRead(new(0), guest.Memory);
    }

    private static Ending? EndingOf(VmExit exit, Guest guest)
    {
        switch (exit.Kind)
        {
            case VmExitKind.PortWrite when exit.Port.Value == Layout.MarkPort && exit.Size != 1:
                return Ending.Mark;
            case VmExitKind.PortWrite when exit.Port.Value <= 0xFF && exit.Size == 1:
                guest.HandlerReached = exit.Port.Value;
                return Ending.Handler;
            case VmExitKind.Halt or VmExitKind.Wait:
                return Ending.Halt;
            case VmExitKind.Shutdown:
                return Ending.Shutdown;
            case VmExitKind.Kicked:
                return Ending.Never;
            default:
                return null;
        }
    }
}
