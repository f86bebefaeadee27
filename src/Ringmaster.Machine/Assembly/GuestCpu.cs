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
    private static readonly string s_defaultModel = Avx2.IsSupported && Bmi2.IsSupported && Fma.IsSupported ? "x86-64-v3" : "x86-64-v2";

    /// <summary>Finds the CPU.</summary>
    /// <exception cref="MachineSetupException">A model or feature does not exist, or the engine lacks it.</exception>
    public static ResolvedCpu Resolve(CpuConfig config, IEngine engine)
    {
        var model = config.Model == CpuConfig.DefaultModel ? s_defaultModel : config.Model;
        var text = string.Join(',', config.Changes.Select(c => c.ToString()).Prepend(model));
        if (!CpuModelSelection.TryParse(text, out var selection, out var errors))
            throw new MachineSetupException(string.Join('\n', errors));
        var resolution = CpuResolution.Of(selection!, engine.Features);
        return resolution.Cpu ?? throw new MachineSetupException(string.Join('\n', resolution.Errors.Select(WithRemedy)));
    }

    // An error that names no remedy of its own is about a feature that the user added.
    private static string WithRemedy(string error) => error.Contains("leave it out", StringComparison.Ordinal) ? error : $"{error} Leave it out of --cpu.";
}
