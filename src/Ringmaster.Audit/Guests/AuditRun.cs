using Ringmaster.Cpu;
using Ringmaster.Cpu.Exits;
using Ringmaster.Cpu.Models;
using Ringmaster.Cpu.State;
using Ringmaster.Memory;

namespace Ringmaster.Audit.Guests;

/// <summary>Runs a guest of the audit on a vCPU, through the interface that machines use.</summary>
internal static class AuditRun
{
    private static readonly TimeSpan s_patience = TimeSpan.FromSeconds(10);

    /// <summary>Executes an instruction in a guest of its own.</summary>
    internal static Outcome Execute(IEngine engine, CpuidTable cpu, AuditedInstruction instruction, PrivilegeLevel level)
    {
        var guest = new AuditGuest(instruction, level);
        using var memory = GuestMemory.Create([new RamRange(new(0), AuditLayout.MemorySize)]);
        memory.TryWrite(new(0), guest.Memory);
        using var vcpu = engine.CreateVcpu(new VcpuIndex(0), memory, new VcpuSetup(cpu, new StoppedCounter(engine.TscFrequency ?? 1_000_000_000)));
        vcpu.Import(guest.State);
        using var watchdog = new Timer(_ => vcpu.Kick(), null, s_patience, Timeout.InfiniteTimeSpan);
        var answer = ExitAnswer.Done;
        VmExit exit;
        do
        {
            exit = vcpu.Run(answer);
            answer = Answer(exit);
        }
        while (exit.Kind is VmExitKind.PortRead or VmExitKind.TaskPriority or VmExitKind.MsrRead or VmExitKind.MsrWrite or VmExitKind.InterruptWindow);
        while (vcpu.Settle(ExitAnswer.Done) is not null)
        {
        }
        var state = new CpuState();
        vcpu.Export(state);
        return OutcomeOf(exit, state, memory, guest.Code);
    }

    private static ExitAnswer Answer(VmExit exit) => exit.Kind switch
    {
        VmExitKind.PortRead => ExitAnswer.Value(AuditLayout.PortValue),
        VmExitKind.MsrRead or VmExitKind.MsrWrite => ExitAnswer.GeneralProtection,
        _ => ExitAnswer.Done,
    };

    private static Outcome OutcomeOf(VmExit exit, CpuState state, GuestMemory memory, AssembledInstruction code) => exit.Kind switch
    {
        VmExitKind.PortWrite when exit.Port.Value == AuditLayout.EndPort && exit.Size == 4 => Outcome.Runs(state.Registers[0]),
        VmExitKind.PortWrite when exit.Port.Value <= 0xFF && exit.Size == 1 => Trap(exit.Port.Value, state.Registers[4], memory, code),
        VmExitKind.PortWrite => new(OutcomeKind.WritesPort, exit.Data),
        VmExitKind.Halt => new(OutcomeKind.Halts),
        VmExitKind.Shutdown => new(OutcomeKind.ShutsDown),
        VmExitKind.Kicked => new(OutcomeKind.NeverEnds),
        _ => new(OutcomeKind.Strange),
    };

    /// <summary>Reads what the handler finds on its stack: an error code for some, and where the guest was.</summary>
    private static Outcome Trap(int vector, ulong stack, GuestMemory memory, AssembledInstruction code)
    {
        var hasError = ExceptionVector.HasError(vector);
        Span<byte> slots = stackalloc byte[16];
        if (!memory.TryRead(new(stack), slots))
            return new(OutcomeKind.TrapsElsewhere, Vector: vector);
        var first = BitConverter.ToUInt64(slots);
        var rip = hasError ? BitConverter.ToUInt64(slots[8..]) : first;
        // Faults push their own instruction's address, INT n the next one's.
        var isThere = rip == AuditLayout.Code + (ulong)(vector < 0x20 ? code.At : code.Next);
        return new(isThere ? OutcomeKind.Traps : OutcomeKind.TrapsElsewhere, 0, vector, hasError ? (uint)first : null);
    }

    /// <summary>The audit does not look at the time.</summary>
    private sealed class StoppedCounter(ulong frequency) : ITimestampCounter
    {
        public ulong Frequency => frequency;

        public ulong Now => 1_000_000;
    }
}
