namespace Ringmaster.Cpu.Kvm.Execution;

/// <summary>
/// How the guest's time-stamp counters follow the VM's: they are the processor's own, with one distance for all vCPUs, so that they
/// agree to the tick. The distance changes only when the VM goes on after it has stood still.
/// </summary>
internal sealed class TscTimeline
{
    private readonly Lock _lock = new();
    private long _epoch;
    private ulong? _distance;
    private ulong _latest;

    /// <summary>What the VM's counter is ahead of the processor's in the present epoch, modulo 2^64.</summary>
    /// <param name="epoch">The counter's epoch.</param>
    /// <param name="vm">The VM's counter.</param>
    /// <param name="processor">The processor's counter at the guest's rate.</param>
    public ulong DistanceIn(long epoch, ITimestampCounter vm, Func<ulong> processor)
    {
        lock (_lock)
        {
            if (_distance is { } known && epoch == _epoch)
                return known;
            // The pair that was read in the shortest time is the best one.
            ulong best = ulong.MaxValue, distance = 0;
            for (var i = 0; i < 5; i++)
            {
                var before = vm.Now;
                var there = processor();
                var after = vm.Now;
                if (after - before >= best)
                    continue;
                best = after - before;
                // The clocks behind both may drift apart; the guest's must not go back.
                distance = unchecked(Math.Max(before + best / 2, _latest) - there);
            }
            _epoch = epoch;
            _distance = distance;
            return distance;
        }
    }

    /// <summary>A vCPU is about to stand still.</summary>
    /// <param name="counter">Its counter, less its own offset.</param>
    public void StoodStillAt(ulong counter)
    {
        lock (_lock)
            _latest = Math.Max(_latest, counter);
    }
}
