using Ringmaster.Cpu;
using Ringmaster.Cpu.Models;

namespace Ringmaster.Audit;

/// <summary>The CPU of the audit's guests: a plain one, with the features that audited instructions need where an engine has them.</summary>
internal static class AuditCpu
{
    private const string Model = "x86-64-v2";
    private static readonly string[] s_wanted = ["xsave", "umip", "smap", "pcid", "invpcid", "monitor"];

    /// <summary>What its CPUID returns. What the engine lacks of the plain CPU is left out.</summary>
    /// <exception cref="InvalidOperationException">The engine lacks what other features need.</exception>
    internal static CpuidTable For(EngineFeatures engine)
    {
        var model = CpuModelCatalog.Find(Model)!;
        var added = s_wanted.Select(CpuFeatureCatalog.Get).Where(engine.Features.Contains).Where(f => !model.Features.Contains(f)).ToList();
        var resolution = CpuResolution.Of(new CpuModelSelection(Model, added, [.. model.Features.Except(engine.Features)]), engine);
        var cpu = resolution.Cpu ?? throw new InvalidOperationException(string.Join(' ', resolution.Errors));
        return cpu.BuildTable(new VcpuTopology(new VcpuIndex(0), 1), ClockRates.WithTsc(1_000_000_000));
    }

    /// <summary>Whether such a CPU has a feature.</summary>
    internal static bool Has(CpuidTable cpu, string? feature) => feature is null || cpu.Has(CpuFeatureCatalog.Get(feature));
}
