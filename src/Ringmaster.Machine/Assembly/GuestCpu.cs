using Ringmaster.Cpu;
using Ringmaster.Cpu.Models;
using Ringmaster.Machine.Configuration;

namespace Ringmaster.Machine.Assembly;

/// <summary>Resolves the CPU that the user chose against what the engine can give.</summary>
internal static class GuestCpu
{
    /// <summary>Finds the CPU.</summary>
    /// <exception cref="MachineSetupException">A model, feature or interface does not exist, or the engine lacks it.</exception>
    public static ResolvedCpu Resolve(CpuConfig config, ParavirtualChoice paravirtual, IEngine engine)
    {
        var model = config.Model == CpuConfig.DefaultModel ? DefaultCpu.For(engine.Features) : config.Model;
        var text = string.Join(',', config.Changes.Select(c => c.ToString()).Prepend(model));
        if (!CpuModelSelection.TryParse(text, out var selection, out var errors))
            throw new MachineSetupException(string.Join('\n', errors));
        selection = GuestInterfaces.AddTo(selection!, paravirtual, engine);
        var resolution = CpuResolution.Of(selection, engine.Features);
        return resolution.Cpu ?? throw new MachineSetupException(string.Join('\n', [.. resolution.Errors.Select(WithRemedy), .. Nearest(selection, engine)]));
    }

    /// <summary>Where the chosen model is not whole, what comes nearest to it: a model that is, or else the chosen one with all that is lacking left out.</summary>
    private static IEnumerable<string> Nearest(CpuModelSelection selection, IEngine engine)
    {
        var lacking = Lacking(selection.Model, engine).Except(selection.Removed).ToList();
        if (lacking.Count == 0)
            return [];
        var wanted = CpuModelCatalog.Find(selection.Model)!.Features;
        var whole = CpuModelCatalog.Names.Where(name => name != CpuModelCatalog.HostName && !Lacking(name, engine).Any())
            .OrderByDescending(name => CpuModelCatalog.Find(name)!.Features.Intersect(wanted).Count)
            .ThenBy(name => CpuModelCatalog.Find(name)!.Features.Count).FirstOrDefault();
        var text = whole ?? string.Join(',', lacking.Select(feature => $"-{feature}").Prepend(selection.Model));
        return [$"The nearest that the {engine.Name} engine can give here is --cpu {text}."];
    }

    private static CpuFeatureSet Lacking(string model, IEngine engine) => CpuModelCatalog.Find(model)!.Features.Except(engine.Features.Features);

    // An error that names no remedy of its own is about a feature that the user added.
    private static string WithRemedy(string error) => error.Contains("leave it out", StringComparison.Ordinal) ? error : $"{error} Leave it out of --cpu.";
}
