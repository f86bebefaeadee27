using Ringmaster.Cpu.Kvm.State;
using Ringmaster.Cpu.Models;

namespace Ringmaster.Cpu.Kvm.Tests;

public sealed class MsrSetTests
{
    private const uint SpecControl = 0x48, PredictionCommand = 0x49, ApicBase = 0x1B, MiscEnable = 0x1A0, TscDeadline = 0x6E0, TscAdjust = 0x3B,
        MtrrCapabilities = 0xFE, LastVariableMtrr = 0x20F, LastFixedMtrr = 0x26F, Efer = 0xC000_0080, FsBase = 0xC000_0100;

    [Fact]
    public void The_kernel_keeps_what_the_model_has()
    {
        var kept = MsrSet.For(TableOf("x86-64-v3,+spec-ctrl,+tsc-adjust")).Kept;

        uint[] expected = [SpecControl, PredictionCommand, MiscEnable, TscAdjust, MtrrCapabilities, LastVariableMtrr, LastFixedMtrr, Efer, FsBase];
        Assert.All(expected, index => Assert.Contains(index, kept));
    }

    [Fact]
    public void The_machine_keeps_the_rest()
    {
        var kept = MsrSet.For(TableOf("EPYC-Milan,-spec-ctrl,-ibrs,-amd-stibp,-amd-ssbd,-ibpb")).Kept;

        Assert.DoesNotContain(kept, index => index is ApicBase or TscDeadline or MiscEnable or SpecControl or PredictionCommand);
    }

    [Theory]
    [InlineData("x86-64-v2,+kvmclock,+kvm-steal-time", "4B564D00 4B564D01 4B564D03")]
    [InlineData("x86-64-v2,+hv-hypercall,+hv-vp-index,+hv-time-ref-count,+hv-reference-tsc", "40000000 40000001 40000002 40000020 40000021")]
    [InlineData("x86-64-v2", "")]
    public void Registers_of_interfaces_for_guests_are_those_of_their_features(string cpu, string registers)
    {
        var kept = MsrSet.For(TableOf(cpu)).Kept.Where(index => index is >= 0x4000_0000 and < 0x5000_0000).Order();

        Assert.Equal(registers, string.Join(' ', kept.Select(index => index.ToString("X", System.Globalization.CultureInfo.InvariantCulture))));
    }

    private static CpuidTable TableOf(string text)
    {
        Assert.True(CpuModelSelection.TryParse(text, out var selection, out _));
        var everything = new EngineFeatures("test", CpuFeatureSet.Everything, XsaveLayout.Intel, 48);
        return CpuResolution.Of(selection!, everything).Cpu!.BuildTable(
            new VcpuTopology(new VcpuIndex(0), new CpuTopology(1, 1, 1)), ClockRates.WithTsc(1_000_000_000));
    }
}
