using System.Runtime.Intrinsics.X86;
using Ringmaster.Cpu;
using Ringmaster.Cpu.Models;
using Ringmaster.Machine.Configuration;

namespace Ringmaster.Machine.Assembly;

/// <summary>Resolves the CPU that the user chose against what the engine can give.</summary>
internal static class GuestCpu
{
    /// <summary>
    /// The model of a machine that does not say: a baseline, so that the guest may later move to any host of this one's age. What
    /// copies and searches with wide vectors is several times faster with the later one, where the host has them.
    /// </summary>
    private static readonly string[] s_defaultModels =
        Avx2.IsSupported && Bmi2.IsSupported && Fma.IsSupported ? ["x86-64-v3", "x86-64-v2", "x86-64-v1"] : ["x86-64-v2", "x86-64-v1"];

    /// <summary>Finds the CPU.</summary>
    /// <exception cref="MachineSetupException">A model or feature does not exist, or the engine lacks it.</exception>
    public static ResolvedCpu Resolve(CpuConfig config, IEngine engine)
    {
        var model = config.Model == CpuConfig.DefaultModel ? s_defaultModels.FirstOrDefault(name => Fits(name, engine)) ?? s_defaultModels[0] : config.Model;
        var text = string.Join(',', config.Changes.Select(c => c.ToString()).Prepend(model));
        if (!CpuModelSelection.TryParse(text, out var selection, out var errors))
            throw new MachineSetupException(string.Join('\n', errors));
        var resolution = CpuResolution.Of(selection!, engine.Features);
        return resolution.Cpu ?? throw new MachineSetupException(string.Join('\n', [.. resolution.Errors.Select(WithRemedy), .. Nearest(selection!.Model, engine)]));
    }

    private static bool Fits(string model, IEngine engine) => !CpuModelCatalog.Find(model)!.Features.Except(engine.Features.Features).Any();

    /// <summary>Names the model with most features that the engine can give whole, where the chosen one is not such.</summary>
    private static IEnumerable<string> Nearest(string model, IEngine engine) =>
        from name in Fits(model, engine) ? [] : CpuModelCatalog.Names.Where(name => name != CpuModelCatalog.HostName && Fits(name, engine))
            .OrderByDescending(name => CpuModelCatalog.Find(name)!.Features.Count).Take(1)
        select $"The nearest CPU model that the {engine.Name} engine can give here is '{name}'.";

    // An error that names no remedy of its own is about a feature that the user added.
    private static string WithRemedy(string error) => error.Contains("leave it out", StringComparison.Ordinal) ? error : $"{error} Leave it out of --cpu.";
}
