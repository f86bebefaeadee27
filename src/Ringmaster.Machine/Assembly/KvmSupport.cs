using Ringmaster.Cpu.Kvm;
using Ringmaster.Host.Kvm;

namespace Ringmaster.Machine.Assembly;

/// <summary>Whether the hardware engine works on this host, found by trying.</summary>
/// <param name="Probe">What trying the device showed.</param>
/// <param name="Refusal">What the engine lacks of a device that runs guests, in sentences: an older kernel's; null for nothing.</param>
internal sealed record KvmSupport(KvmProbeResult Probe, string? Refusal)
{
    /// <summary>Whether it does.</summary>
    public bool Works => Probe.Works && Refusal is null;

    /// <summary>Why, in sentences.</summary>
    public string Explanation => Refusal is null ? Probe.Explanation : $"{Probe.Explanation} {Refusal}";

    /// <summary>Tries.</summary>
    /// <param name="path">Normally <c>/dev/kvm</c>.</param>
    /// <param name="patience">How long the device may take to run a tiny guest.</param>
    public static KvmSupport Examine(string path, TimeSpan patience)
    {
        var probe = KvmProbe.Try(path, patience);
        return new(probe, probe.Works ? KvmEngine.FindRefusal(path) : null);
    }
}
