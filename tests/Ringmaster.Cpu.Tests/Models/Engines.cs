using Ringmaster.Cpu.Models;

namespace Ringmaster.Cpu.Tests.Models;

/// <summary>Engines that can do everything, or everything but some features.</summary>
internal static class Engines
{
    public static EngineFeatures Able { get; } = new("fake", CpuFeatureSet.Everything, XsaveLayout.Intel, 52);

    public static EngineFeatures Without(params string[] names) =>
        Able with { Features = CpuFeatureSet.Everything.Except(CpuFeatureSet.Of(names)) };

    public static ResolvedCpu Resolve(string selection, EngineFeatures? engine = null)
    {
        var resolution = CpuResolution.Of(CpuModelSelection.Parse(selection), engine ?? Able);
        Assert.Empty(resolution.Errors);
        return resolution.Cpu!;
    }

    public static CpuidTable Table(string selection, int index = 0, int count = 1, ulong tsc = 2_500_000_000) =>
        Resolve(selection).BuildTable(new(new(index), count), ClockRates.WithTsc(tsc));
}
