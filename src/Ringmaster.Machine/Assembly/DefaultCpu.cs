using System.Runtime.Intrinsics.X86;
using Ringmaster.Cpu.Models;

namespace Ringmaster.Machine.Assembly;

/// <summary>
/// The CPU of a machine that does not say: a baseline, so that the guest may later move to any host of this one's age. What copies
/// and searches with wide vectors is several times faster with the later one, where the host has them.
/// </summary>
internal static class DefaultCpu
{
    /// <summary>What programs for a level of the x86-64 psABI may take for granted beyond the level before (psABI 1.0, table 3.1).</summary>
    private static readonly (string Model, string[] Instructions)[] s_levels =
    [
        ("x86-64-v3", ["avx", "avx2", "bmi1", "bmi2", "f16c", "fma", "abm", "movbe", "xsave"]),
        ("x86-64-v2", ["cx16", "lahf-lm", "popcnt", "sse3", "sse4.1", "sse4.2", "ssse3"]),
        ("x86-64-v1", []),
    ];

    /// <summary>
    /// The highest level whose instructions the engine can give, without what else of the model the engine lacks here: that is the
    /// business of kernels, which look for it.
    /// </summary>
    /// <returns>As the user would write it.</returns>
    public static string For(EngineFeatures engine)
    {
        var best = s_levels.Where(level => level.Model != "x86-64-v3" || (Avx2.IsSupported && Bmi2.IsSupported && Fma.IsSupported))
            .First(level => level.Instructions.All(engine.Features.Contains)).Model;
        var lacking = CpuModelCatalog.Find(best)!.Features.Except(engine.Features);
        return string.Join(',', lacking.Select(feature => $"-{feature}").Prepend(best));
    }
}
