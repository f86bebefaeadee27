using Ringmaster.Cpu;
using Ringmaster.Devices.Apic;
using Ringmaster.Devices.Clock;

namespace Ringmaster.Machine.Assembly;

/// <summary>The VM's time-stamp counter: it follows the VM clock at one tick a nanosecond, so no conversion can drift.</summary>
/// <param name="clock">The VM clock.</param>
internal sealed class VmTsc(IVmClock clock) : ITimestampCounter
{
    /// <inheritdoc/>
    public ulong Frequency => 1_000_000_000;

    /// <inheritdoc/>
    public ulong Now => (ulong)clock.Now;

    /// <summary>The counter as one vCPU's local APIC sees it.</summary>
    /// <param name="offset">What that vCPU's counter is ahead.</param>
    public ITscClock WithOffset(Func<ulong> offset) => new Shifted(offset);

    private sealed class Shifted(Func<ulong> offset) : ITscClock
    {
        public ulong TscAt(long nanoseconds) => unchecked((ulong)nanoseconds + offset());

        public long DeadlineOf(ulong tsc)
        {
            // A deadline "before" now, seen modulo 2^64, has passed; one beyond the clock's range never comes.
            var time = unchecked(tsc - offset());
            return time <= long.MaxValue ? (long)time : tsc < offset() ? 0 : long.MaxValue;
        }
    }
}
