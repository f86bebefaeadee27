using Ringmaster.Cpu;
using Ringmaster.Cpu.Models;
using Ringmaster.Machine.Assembly;
using Ringmaster.Machine.Configuration;
using Ringmaster.Memory;

namespace Ringmaster.Machine.Tests.Assembly;

public sealed class GuestCpuTests
{
    [Fact]
    public void The_default_leaves_out_what_the_engine_lacks_beside_instructions()
    {
        var cpu = GuestCpu.Resolve(new CpuConfig(CpuConfig.DefaultModel, []), EngineWithout("pcid", "invpcid", "vme", "avx2"));

        Assert.Equal("x86-64-v2", cpu.Model.Name);
        Assert.True(cpu.Features.Contains("sse4.2"));
        Assert.False(cpu.Features.Contains("pcid"));
    }

    [Fact]
    public void A_named_model_is_refused_with_the_names_of_what_is_lacking_and_what_comes_nearest()
    {
        var refusal = Assert.Throws<MachineSetupException>(() => GuestCpu.Resolve(new CpuConfig("x86-64-v3", []), EngineWithout("avx2", "vaes", "vpclmulqdq")));

        Assert.Contains("has the feature 'avx2', which the limited engine cannot give here", refusal.Message, StringComparison.Ordinal);
        Assert.EndsWith("The nearest that the limited engine can give here is --cpu x86-64-v2.", refusal.Message, StringComparison.Ordinal);
    }

    [Fact]
    public void Where_no_model_is_whole_the_nearest_is_the_chosen_one_with_all_left_out()
    {
        var refusal = Assert.Throws<MachineSetupException>(() => GuestCpu.Resolve(new CpuConfig("x86-64-v2", []), EngineWithout("cx8", "cx16")));

        Assert.EndsWith("--cpu x86-64-v2,-cx16,-cx8.", refusal.Message, StringComparison.Ordinal);
    }

    private static LimitedEngine EngineWithout(params string[] features) =>
        new(new EngineFeatures("limited", CpuFeatureSet.Everything.Except(CpuFeatureSet.Of(features)), XsaveLayout.Intel, 48));

    private sealed class LimitedEngine(EngineFeatures features) : IEngine
    {
        public string Name => "limited";

        public EngineFeatures Features => features;

        public IVirtualCpu CreateVcpu(VcpuIndex index, GuestMemory memory, VcpuSetup setup) => throw new InvalidOperationException();

        public void Dispose()
        {
        }
    }
}
