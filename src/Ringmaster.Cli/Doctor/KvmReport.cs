using Ringmaster.Host.Kvm;

namespace Ringmaster.Cli.Doctor;

/// <summary>What the doctor found of KVM.</summary>
/// <param name="Probe">What trying the device showed.</param>
/// <param name="Remedy">What to do so that it works; null where it does.</param>
/// <param name="Module">The kernel's module that drives hardware assist, or null.</param>
/// <param name="NestedPaging">Whether it uses nested paging; null where it does not say.</param>
/// <param name="Nested">Whether guests may be hypervisors themselves; null where it does not say.</param>
internal sealed record KvmReport(KvmProbeResult Probe, string? Remedy, string? Module, bool? NestedPaging, bool? Nested)
{
    private static readonly TimeSpan s_patience = TimeSpan.FromSeconds(3);

    /// <summary>Tries the device.</summary>
    internal static KvmReport Examine() => Of(KvmProbe.Measure("/dev/kvm", s_patience), new LinuxKvmHost());

    /// <summary>Puts together what was found.</summary>
    internal static KvmReport Of(KvmProbeResult probe, IKvmHost host)
    {
        var module = host.Modules.Where(m => m.StartsWith("kvm_", StringComparison.Ordinal)).Order(StringComparer.Ordinal).FirstOrDefault();
        return new(probe, KvmDiagnosis.Remedy(probe, host), module,
            module is null ? null : Switch(host.Parameter(module, module == "kvm_amd" ? "npt" : "ept")),
            module is null ? null : Switch(host.Parameter(module, "nested")));
    }

    /// <summary>How the kernel writes parameters that are on or off.</summary>
    private static bool? Switch(string? value) => value switch
    {
        "Y" or "1" => true,
        "N" or "0" => false,
        _ => null,
    };
}
