using Ringmaster.Cpu.Models;
using Ringmaster.Memory;

namespace Ringmaster.Cpu.Kvm.Tests;

/// <summary>vCPUs that never run.</summary>
internal static class Vcpus
{
    /// <summary>Makes one, with all that the host has unless something else is chosen.</summary>
    public static IVirtualCpu Create(KvmEngine engine, GuestMemory memory, int index = 0, string chosen = "host")
    {
        Assert.True(CpuModelSelection.TryParse(chosen, out var selection, out _));
        var cpu = CpuResolution.Of(selection!, engine.Features).Cpu;
        Assert.NotNull(cpu);
        var clock = new StoppedClock(engine.TscFrequency ?? 1_000_000_000);
        var table = cpu.BuildTable(new VcpuTopology(new VcpuIndex(index), new CpuTopology(1, 4, 1)), ClockRates.WithTsc(clock.Frequency));
        return engine.CreateVcpu(new VcpuIndex(index), memory, new VcpuSetup(table, clock) { ApicId = (uint)index });
    }

    private sealed class StoppedClock(ulong frequency) : ITimestampCounter
    {
        public ulong Frequency => frequency;

        public ulong Now => 1_000_000;
    }
}
