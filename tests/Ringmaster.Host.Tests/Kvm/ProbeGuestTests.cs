using Ringmaster.Cpu;
using Ringmaster.Cpu.Exits;
using Ringmaster.Cpu.Interpreter;
using Ringmaster.Cpu.Models;
using Ringmaster.Cpu.State;
using Ringmaster.Host.Kvm;
using Ringmaster.Memory;

namespace Ringmaster.Host.Tests.Kvm;

/// <summary>The probe's guest on an engine that needs no device: what a good host makes of it.</summary>
public sealed class ProbeGuestTests
{
    [Fact]
    public void It_says_which_mode_it_is_in_and_then_computes_forever()
    {
        (ushort, ulong)[] expected =
        [
            (ProbeGuest.ModePort, 16), (ProbeGuest.ModePort, 32), (ProbeGuest.ModePort, 64),
            (ProbeGuest.VectorPort, 64), (ProbeGuest.ComputedPort, 64), (ProbeGuest.VectorPort, 64), (ProbeGuest.ComputedPort, 64),
        ];
        // The region ends with the guest's memory, so that one byte more of it would be seen.
        using var memory = GuestMemory.Create([new RamRange(new(0), ProbeGuest.MemorySize)]);
        var image = new byte[ProbeGuest.MemorySize];
        ProbeGuest.Load(image);
        memory.TryWrite(new(0), image);
        using var engine = new InterpreterEngine();
        using var cpu = engine.CreateVcpu(new VcpuIndex(0), memory, new VcpuSetup(LongModeCpu(), new StoppedClock()));
        var state = CpuState.PowerUp(0);
        state.Cs = state.Cs with { Selector = 0, Base = 0 };
        state.Rip = ProbeGuest.Start;
        cpu.Import(state);

        var written = expected.Select(_ => NextExit(cpu)).ToArray();

        Assert.Equal(expected, written.Select(exit => (exit.Port.Value, exit.Data)));
        Assert.All(written, exit => Assert.Equal((VmExitKind.PortWrite, 1), (exit.Kind, exit.Size)));
    }

    private static VmExit NextExit(IVirtualCpu cpu)
    {
        var exit = cpu.Run(ExitAnswer.Done);
        while (exit.Kind == VmExitKind.Kicked)
            exit = cpu.Run(ExitAnswer.Done);
        return exit;
    }

    /// <summary>FXSR, SSE, SSE2, MSRs and PAE; long mode.</summary>
    private static CpuidTable LongModeCpu() => new(new Dictionary<(uint, uint), CpuidResult>
    {
        [(0, 0)] = new(1, 0, 0, 0),
        [(1, 0)] = new(0, 0, 0, 0x178B_FBFF),
        [(0x8000_0000, 0)] = new(0x8000_0001, 0, 0, 0),
        [(0x8000_0001, 0)] = new(0, 0, 0, 0x2C10_0800),
    });

    private sealed class StoppedClock : ITimestampCounter
    {
        public ulong Frequency => 1_000_000_000;

        public ulong Now => 0;
    }
}
