using Ringmaster.Cpu;
using Ringmaster.Cpu.Models;

namespace Ringmaster.Audit;

/// <summary>
/// The CPU of the audit's guests: a plain one, with the features that audited instructions need where an engine has them, and without
/// those of the plain one that it lacks.
/// </summary>
internal static class AuditCpu
{
    private const string Model = "x86-64-v2";
    private static readonly string[] s_wanted = ["xsave", "umip", "smap", "pcid", "invpcid", "monitor"];

    /// <summary>What its CPUID returns.</summary>
    /// <exception cref="InvalidOperationException">The engine lacks what a feature needs that it claims to have.</exception>
    internal static CpuidTable For(IEngine engine)
    {
        var model = CpuModelCatalog.Find(Model)!;
        var added = s_wanted.Select(CpuFeatureCatalog.Get).Where(engine.Features.Features.Contains).Where(f => !model.Features.Contains(f)).ToList();
        var resolution = CpuResolution.Of(new CpuModelSelection(Model, added, [.. model.Features.Except(engine.Features.Features)]), engine.Features);
        var cpu = resolution.Cpu ?? throw new InvalidOperationException(string.Join(' ', resolution.Errors));
        return cpu.BuildTable(new VcpuTopology(new VcpuIndex(0), 1), ClockRates.WithTsc(TscFrequency(engine)));
    }

    /// <summary>The rate of its time-stamp counter in Hz.</summary>
    internal static ulong TscFrequency(IEngine engine) => engine.TscFrequency ?? 1_000_000_000;

    /// <summary>Whether such a CPU has a feature.</summary>
    internal static bool Has(CpuidTable cpu, string? feature) => feature is null || cpu.Has(CpuFeatureCatalog.Get(feature));
}
