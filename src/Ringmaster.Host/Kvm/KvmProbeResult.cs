namespace Ringmaster.Host.Kvm;

/// <summary>What trying /dev/kvm showed.</summary>
/// <param name="Step">The step that failed, or <see cref="KvmProbeStep.Works"/>.</param>
/// <param name="Explanation">A sentence for people.</param>
public sealed record KvmProbeResult(KvmProbeStep Step, string Explanation)
{
    /// <summary>Whether the host ran a guest.</summary>
    public bool Works => Step == KvmProbeStep.Works;

    /// <summary>The error number (errno(3)) of the call that failed; 0 if none did.</summary>
    public int Error { get; init; }

    /// <summary>Whether the guest did not come back in time.</summary>
    public bool TimedOut { get; init; }

    /// <summary>The widest mode in which the guest was seen, in bits: 16, 32, 64, or 0 if it never ran.</summary>
    public int WidestMode { get; init; }

    /// <summary>How long the whole took.</summary>
    public TimeSpan Duration { get; init; }

    /// <summary>What exits cost, if that was to be measured and the guest ran.</summary>
    public KvmExitCost? ExitCost { get; init; }
}
