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
        var cpu = GuestCpu.Resolve(new CpuConfig(CpuConfig.DefaultModel, []), ParavirtualChoice.None, EngineWithout("pcid", "invpcid", "vme", "avx2"));

        Assert.Equal("x86-64-v2", cpu.Model.Name);
        Assert.True(cpu.Features.Contains("sse4.2"));
        Assert.False(cpu.Features.Contains("pcid"));
    }

    [Fact]
    public void A_named_model_is_refused_with_the_names_of_what_is_lacking_and_what_comes_nearest()
    {
        var refusal = Assert.Throws<MachineSetupException>(() => GuestCpu.Resolve(new CpuConfig("x86-64-v3", []), ParavirtualChoice.None, EngineWithout("avx2", "vaes", "vpclmulqdq")));

        Assert.Contains("has the feature 'avx2', which the limited engine cannot give here", refusal.Message, StringComparison.Ordinal);
        Assert.EndsWith("The nearest that the limited engine can give here is --cpu x86-64-v2.", refusal.Message, StringComparison.Ordinal);
    }

    [Theory]
    [InlineData("EPYC-Milan", "vaes", "Broadwell-Server")]
    [InlineData("EPYC-Milan", "vaes adx", "x86-64-v3")]
    [InlineData("EPYC-Milan", "vaes avx2", "x86-64-v2")]
    [InlineData("Broadwell-Server", "adx", "x86-64-v3")]
    public void The_nearest_model_has_most_of_what_was_chosen(string chosen, string lacking, string nearest)
    {
        var engine = EngineWithout(lacking.Split(' '));

        var refusal = Assert.Throws<MachineSetupException>(() => GuestCpu.Resolve(new CpuConfig(chosen, []), ParavirtualChoice.None, engine));

        Assert.EndsWith($"can give here is --cpu {nearest}.", refusal.Message, StringComparison.Ordinal);
        GuestCpu.Resolve(new CpuConfig(nearest, []), ParavirtualChoice.None, engine);
    }

    [Fact]
    public void Each_feature_that_is_lacking_is_named()
    {
        var refusal = Assert.Throws<MachineSetupException>(
            () => GuestCpu.Resolve(new CpuConfig("EPYC-Milan", [new("avx512f", true)]), ParavirtualChoice.None, EngineWithout("vaes", "clzero", "avx512f")));

        Assert.Equal(
            [
                "CPU model 'EPYC-Milan' has the feature 'vaes', which the limited engine cannot give here; leave it out with -vaes.",
                "CPU model 'EPYC-Milan' has the feature 'clzero', which the limited engine cannot give here; leave it out with -clzero.",
            ],
            refusal.Message.Split('\n').Where(line => line.Contains("EPYC", StringComparison.Ordinal)));
        Assert.Contains("The limited engine cannot give the CPU feature 'avx512f' here. Leave it out of --cpu.", refusal.Message, StringComparison.Ordinal);
    }

    [Fact]
    public void Where_no_model_is_whole_the_nearest_is_the_chosen_one_with_all_left_out()
    {
        var refusal = Assert.Throws<MachineSetupException>(() => GuestCpu.Resolve(new CpuConfig("x86-64-v2", []), ParavirtualChoice.None, EngineWithout("cx8", "cx16")));

        Assert.EndsWith("--cpu x86-64-v2,-cx16,-cx8.", refusal.Message, StringComparison.Ordinal);
    }

    [Theory]
    [InlineData(ParavirtualChoice.Auto, "default", "", "kvmclock kvm-steal-time")]
    [InlineData(ParavirtualChoice.Kvm, "default", "", "kvmclock kvm-steal-time")]
    [InlineData(ParavirtualChoice.Kvm, "default", "-kvmclock", "kvm-steal-time")]
    [InlineData(ParavirtualChoice.Kvm, "default", "-hypervisor", "")]
    [InlineData(ParavirtualChoice.None, "default", "", "")]
    [InlineData(ParavirtualChoice.None, "default", "+kvmclock", "kvmclock")]
    [InlineData(ParavirtualChoice.Auto, "default", "+hv-hypercall", "hv-hypercall")]
    [InlineData(ParavirtualChoice.HyperV, "EPYC-Milan", "", "hv-hypercall")]
    public void Interfaces_for_guests_are_what_is_chosen_and_the_engine_has(ParavirtualChoice choice, string model, string change, string expected)
    {
        CpuFeatureChange[] changes = change.Length == 0 ? [] : [new(change[1..], change[0] == '+')];

        var cpu = GuestCpu.Resolve(new CpuConfig(model, changes), choice, EngineWithInterfaces("kvmclock", "kvm-steal-time", "hv-hypercall"));

        Assert.Equal(expected, string.Join(' ', cpu.Features.Where(f => f.Paravirtual is not null)));
    }

    [Theory]
    [InlineData(ParavirtualChoice.Kvm, "The limited engine has none of KVM's interfaces for guests. Choose --engine kvm, or leave --paravirt kvm out.")]
    [InlineData(ParavirtualChoice.HyperV, "The limited engine has none of Hyper-V's interfaces for guests. Choose --engine kvm, or leave --hyperv out.")]
    public void Interfaces_that_the_engine_lacks_are_refused(ParavirtualChoice choice, string message)
    {
        var refusal = Assert.Throws<MachineSetupException>(() => GuestCpu.Resolve(CpuConfig.Default, choice, EngineWithInterfaces()));

        Assert.Equal(message, refusal.Message);
    }

    [Theory]
    [InlineData("x86-64-v3", false, "kvmclock kvm-pv-unhalt kvm-pv-ipi")]
    [InlineData("x86-64-v3", true, "kvmclock")]
    [InlineData("EPYC-Milan", false, "kvmclock")]
    [InlineData("EPYC-Milan", true, "kvmclock kvm-pv-unhalt kvm-pv-ipi")]
    public void Interfaces_that_guests_call_need_a_model_of_the_hosts_vendor(string model, bool hostIsAmd, string expected)
    {
        var engine = EngineWithInterfaces("kvmclock", "kvm-pv-unhalt", "kvm-pv-ipi");

        var selection = GuestInterfaces.AddTo(CpuModelSelection.Parse(model), ParavirtualChoice.Auto, engine, hostIsAmd);

        Assert.Equal(expected, string.Join(' ', selection.Added));
    }

    [Fact]
    public void One_of_them_that_is_asked_for_and_cannot_be_called_is_refused()
    {
        var refusal = Assert.Throws<MachineSetupException>(() => GuestInterfaces.AddTo(
            CpuModelSelection.Parse("x86-64-v3,+kvm-pv-ipi"), ParavirtualChoice.Auto, EngineWithInterfaces("kvm-pv-ipi"), hostIsAmd: true));

        Assert.StartsWith("CPU feature 'kvm-pv-ipi' needs a model of the host's vendor", refusal.Message, StringComparison.Ordinal);
    }

    private static LimitedEngine EngineWithInterfaces(params string[] features) => new(new EngineFeatures("limited",
        CpuFeatureSet.Everything.Except(CpuFeatureCatalog.All.Where(f => f.Paravirtual is not null)).Union(CpuFeatureSet.Of(features)), XsaveLayout.Intel, 48));

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
