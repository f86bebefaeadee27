namespace Ringmaster.Host.Kvm;

/// <summary>What trying /dev/kvm showed.</summary>
/// <param name="Step">The step that failed, or <see cref="KvmProbeStep.Works"/>.</param>
/// <param name="Explanation">A sentence for people.</param>
public sealed record KvmProbeResult(KvmProbeStep Step, string Explanation)
{
    /// <summary>Whether the host ran a guest.</summary>
    public bool Works => Step == KvmProbeStep.Works;
}
