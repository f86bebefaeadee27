namespace Ringmaster.Devices.Apic;

/// <summary>
/// Converts between the VM clock and one vCPU's time-stamp counter, the vCPU's own offset included. When that offset
/// changes, <see cref="LocalApic.TscChanged"/> has to be called.
/// </summary>
public interface ITscClock
{
    /// <summary>The counter's value at a time.</summary>
    /// <param name="nanoseconds">Time of the VM clock.</param>
    ulong TscAt(long nanoseconds);

    /// <summary>
    /// The earliest time at which the counter is at or past a value. A time before now if it already is;
    /// <see cref="long.MaxValue"/> if the VM clock never gets there.
    /// </summary>
    long DeadlineOf(ulong tsc);
}
