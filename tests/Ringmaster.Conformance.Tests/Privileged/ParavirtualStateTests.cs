using Ringmaster.Conformance.Tests.Engines;
using Ringmaster.Conformance.Tests.Harness;
using Ringmaster.Cpu.State;

namespace Ringmaster.Conformance.Tests.Privileged;

/// <summary>A guest that uses an interface of its hypervisor cannot go on with an engine that has none.</summary>
public sealed class ParavirtualStateTests
{
    public static TheoryData<string> EngineNames => [.. EngineUnderTest.Names];

    [Theory]
    [MemberData(nameof(EngineNames))]
    public void A_register_in_use_that_the_vcpu_lacks_is_refused_by_name(string engine)
    {
        using var stage = Stage.Enter(EngineUnderTest.Get(engine), TestModel.Of(false, false));
        var guest = new Guest(GuestMode.Kernel64);
        guest.State.Paravirtual.KvmSystemTime = 0x5001;

        var refusal = Assert.Throws<StateRefusedException>(() => stage.Cpu.Import(guest.State));

        Assert.Equal($"The {EngineUnderTest.Get(engine).Name} engine cannot go on with the guest here: the guest uses MSR_KVM_SYSTEM_TIME_NEW (4B564D01), "
            + "of the CPU feature 'kvmclock', which its vCPU lacks.", refusal.Message);
        guest.State.Paravirtual = default;
        stage.Cpu.Import(guest.State);
    }
}
