using Ringmaster.Host.Kvm;

namespace Ringmaster.Cpu.Kvm.Execution;

/// <summary>How often the kernel has come back, by reason. One thread counts, any may look.</summary>
internal sealed class ExitCounts
{
    private readonly long[] _counts = new long[40];
    private long _signals;

    /// <summary>Counts a reason.</summary>
    public void Count(KvmExitReason reason)
    {
        if ((uint)reason < (uint)_counts.Length)
            _counts[(int)reason]++;
    }

    /// <summary>Counts a return for a signal or without entry.</summary>
    public void CountSignal() => _signals++;

    /// <summary>Those that occurred.</summary>
    public IReadOnlyList<EngineCounter> All =>
    [
        .. from reason in Enum.GetValues<KvmExitReason>()
           where Volatile.Read(ref _counts[(int)reason]) != 0
           select new EngineCounter($"KVM exits: {reason}", Volatile.Read(ref _counts[(int)reason])),
        new EngineCounter("KVM exits: signal", Volatile.Read(ref _signals)),
    ];
}
