using Ringmaster.Cpu;
using Ringmaster.Devices.Apic;
using Ringmaster.Devices.Clock;

namespace Ringmaster.Machine.Assembly;

/// <summary>
/// The VM's time-stamp counter, which follows the VM clock: at one tick a nanosecond where the engine leaves the choice, so that no
/// conversion can drift.
/// </summary>
/// <param name="clock">The VM clock.</param>
/// <param name="frequency">Ticks per second.</param>
internal sealed class VmTsc(IVmClock clock, ulong frequency = VmTsc.UsualFrequency) : ITimestampCounter
{
    /// <summary>The rate where the engine leaves the choice, in Hz.</summary>
    public const ulong UsualFrequency = NanosecondsPerSecond;

    private const ulong NanosecondsPerSecond = 1_000_000_000;

    /// <inheritdoc/>
    public ulong Frequency => frequency;

    /// <inheritdoc/>
    public ulong Now => TicksIn(clock.Now);

    /// <inheritdoc/>
    public long Epoch => clock.Epoch;

    /// <summary>The counter as one vCPU's local APIC sees it.</summary>
    /// <param name="offset">What that vCPU's counter is ahead.</param>
    public ITscClock WithOffset(Func<ulong> offset) => new Shifted(this, offset);

    private ulong TicksIn(long nanoseconds) =>
        frequency == UsualFrequency ? (ulong)nanoseconds : (ulong)((UInt128)(ulong)nanoseconds * frequency / NanosecondsPerSecond);

    /// <summary>The earliest time at which the counter has come that far.</summary>
    private long TimeOf(ulong ticks)
    {
        if (frequency == UsualFrequency)
            return (long)ticks;
        var time = ((UInt128)ticks * NanosecondsPerSecond + frequency - 1) / frequency;
        return time <= long.MaxValue ? (long)time : long.MaxValue;
    }

    private sealed class Shifted(VmTsc tsc, Func<ulong> offset) : ITscClock
    {
        public ulong TscAt(long nanoseconds) => unchecked(tsc.TicksIn(nanoseconds) + offset());

        public long DeadlineOf(ulong deadline)
        {
            // A deadline "before" now, seen modulo 2^64, has passed; one beyond the clock's range never comes.
            var ahead = offset();
            var ticks = unchecked(deadline - ahead);
            return ticks <= long.MaxValue ? tsc.TimeOf(ticks) : deadline < ahead ? 0 : long.MaxValue;
        }
    }
}
