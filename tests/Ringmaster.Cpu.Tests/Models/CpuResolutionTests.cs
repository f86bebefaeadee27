using Ringmaster.Cpu.Models;

namespace Ringmaster.Cpu.Tests.Models;

public sealed class CpuResolutionTests
{
    [Fact]
    public void A_named_model_is_refused_with_each_feature_that_the_engine_lacks()
    {
        var resolution = CpuResolution.Of(CpuModelSelection.Parse("x86-64-v3"), Engines.Without("avx2", "pcid"));

        Assert.Null(resolution.Cpu);
        Assert.Equal(
        [
            "CPU model 'x86-64-v3' has the feature 'pcid', which the fake engine cannot give here; leave it out with -pcid.",
            "CPU model 'x86-64-v3' has the feature 'avx2', which the fake engine cannot give here; leave it out with -avx2.",
        ], resolution.Errors);
    }

    [Theory]
    [InlineData("x86-64-v2,+avx2", "CPU feature 'avx2' needs 'avx', which is not chosen.")]
    [InlineData("x86-64-v3,-avx,+fma", "CPU feature 'fma' needs 'avx', which is not chosen.")]
    [InlineData("x86-64-v1,-arch-capabilities,+rdctl-no", "CPU feature 'rdctl-no' needs 'arch-capabilities', which is not chosen.")]
    public void A_feature_without_what_it_needs_is_refused(string selection, string error) =>
        Assert.Equal([error], CpuResolution.Of(CpuModelSelection.Parse(selection), Engines.Able).Errors);

    [Fact]
    public void Taking_a_feature_away_takes_those_that_need_it()
    {
        var cpu = Engines.Resolve("x86-64-v3,-avx");

        Assert.DoesNotContain(cpu.Features, f => f.Name is "avx" or "avx2" or "fma" or "f16c");
        Assert.Equal(3UL, cpu.Xsave.Xcr0Mask);
    }

    [Fact]
    public void Promises_are_made_only_where_the_engine_makes_them()
    {
        var resolution = CpuResolution.Of(CpuModelSelection.Parse("x86-64-v1"), Engines.Without("rdctl-no", "spec-ctrl"));

        Assert.Empty(resolution.Errors);
        Assert.Equal(["bhi-ctrl", "ibrs-all", "rdctl-no", "spec-ctrl", "ssbd", "stibp"], resolution.LeftOut.Select(f => f.Name).Order());
        Assert.True(resolution.Cpu!.Msrs.TryRead(0x10A, out var capabilities));
        Assert.Equal(0UL, capabilities & 3);
        Assert.NotEqual(0UL, capabilities & 1 << 5);
    }

    [Fact]
    public void The_host_model_takes_what_there_is()
    {
        var resolution = CpuResolution.Of(CpuModelSelection.Parse("host"), Engines.Able with { Features = CpuFeatureSet.Of("fpu", "sse", "fxsr", "sse2", "avx") });

        Assert.Empty(resolution.Errors);
        Assert.Equal(["fpu", "fxsr", "sse", "sse2"], resolution.Cpu!.Features.Select(f => f.Name).Order());
    }

    [Fact]
    public void What_the_user_adds_to_the_host_model_is_not_dropped_in_silence()
    {
        var resolution = CpuResolution.Of(CpuModelSelection.Parse("host,+avx512-fp16"), Engines.Without("avx512-fp16"));

        Assert.Contains("The fake engine cannot give the CPU feature 'avx512-fp16' here.", resolution.Errors);
    }

    [Theory]
    [InlineData(52, 48)]
    [InlineData(39, 39)]
    public void Physical_address_bits_are_at_most_the_engine_s(int engine, int expected)
    {
        var cpu = Engines.Resolve("EPYC-Milan", Engines.Able with { PhysicalAddressBits = engine });

        Assert.Equal(expected, cpu.PhysicalAddressBits);
    }

    [Fact]
    public void Interfaces_of_two_hypervisors_are_refused()
    {
        var resolution = CpuResolution.Of(CpuModelSelection.Parse("x86-64-v2,+kvmclock,+hv-hypercall"), Engines.Able);

        Assert.Equal(["CPU features 'kvmclock' and 'hv-hypercall' are of different hypervisors, and a guest sees one; leave it out with -hv-hypercall."], resolution.Errors);
    }
}
