using Ringmaster.Cpu;
using Ringmaster.Cpu.Models;

namespace Ringmaster.Fuzz.Tests.Engine;

/// <summary>CPU models to fuzz with: each of the catalogue, as it is and with features taken away.</summary>
internal static class FuzzCpu
{
    // RDRAND's values would make two runs of one case differ.
    private const string Reproducible = ",-rdrand,-rdseed";

    private static readonly string[] s_models =
    [
        "x86-64-v1", "x86-64-v2", "x86-64-v3", "Skylake-Server" + Reproducible, "EPYC-Milan" + Reproducible,
        "x86-64-v2,-nx", "x86-64-v2,-pse,-pse36", "x86-64-v3,-xsave,-avx,-avx2,-fma,-f16c",
        "x86-64-v3,+la57,+smep,+smap,+pku,+pcid,+invpcid,+fsgsbase,+umip,+pdpe1gb,+x2apic", "x86-64-v1,-pge,-pat,-mtrr",
    ];

    /// <summary>All models that the engine can give.</summary>
    public static IReadOnlyList<CpuidTable> All(IEngine engine) =>
    [
        .. from text in s_models
           where CpuModelSelection.TryParse(text, out _, out _)
           let cpu = CpuResolution.Of(CpuModelSelection.Parse(text), engine.Features).Cpu
           where cpu is not null
           select cpu.BuildTable(new VcpuTopology(new VcpuIndex(0), 1), ClockRates.WithTsc(1_000_000_000)),
    ];
}
