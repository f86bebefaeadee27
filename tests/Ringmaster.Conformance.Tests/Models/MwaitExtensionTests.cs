using Ringmaster.Conformance.Tests.Engines;
using Ringmaster.Conformance.Tests.Harness;
using Ringmaster.Cpu;
using Ringmaster.Memory;

namespace Ringmaster.Conformance.Tests.Models;

/// <summary>What MWAIT takes in ECX is what CPUID leaf 5 announces (SDM 2B MWAIT).</summary>
public sealed class MwaitExtensionTests
{
    public static TheoryData<string> EngineNames => new(EngineUnderTest.InSoftware);

    [Theory]
    [MemberData(nameof(EngineNames))]
    public void Without_the_extension_masked_interrupts_cannot_end_it(string engine)
    {
        var guest = new Guest(GuestMode.Kernel64);
        guest.Assemble(c => c.mwait());
        guest.State.Registers[1] = 1;
        using var memory = GuestMemory.Create([new RamRange(new(0), Layout.MemorySize)]);
        var setup = new VcpuSetup(TestModel.WithPlainMwait, new StoppedClock());
        using var cpu = EngineUnderTest.Get(engine).CreateVcpu(new VcpuIndex(0), memory, setup);

        CaseRunner.Run(guest, cpu, memory);

        Assert.Equal((Ending.Handler, (int)Vector.GeneralProtection), (guest.Ending, guest.HandlerReached));
        Assert.Equal((0U, guest.Last), (guest.Pushed().Error, guest.Pushed().Rip));
    }
}
