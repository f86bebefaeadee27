namespace Ringmaster.Devices.Clock;

/// <summary>A VM clock's timer queue. What "now" is, a derived clock says.</summary>
/// <remarks>Arming, disarming and <see cref="RunExpired"/> happen under the machine's lock.</remarks>
public abstract class VmClock : IVmClock
{
    private readonly List<Timer> _armed = [];

    /// <summary>Raised when the earliest deadline has become earlier, so that whoever sleeps until it can wake.</summary>
    public event Action? EarlierDeadline;

    /// <inheritdoc/>
    public abstract long Now { get; }

    /// <inheritdoc/>
    public abstract DateTimeOffset UtcNow { get; }

    /// <inheritdoc/>
    public virtual long Epoch => 0;

    /// <summary>How long something takes on the host, in nanoseconds, that takes so long by this clock.</summary>
    public virtual long OnHost(long span) => span;

    /// <summary>The earliest deadline, or null when no timer is armed.</summary>
    public long? NextDeadline => _armed.Count == 0 ? null : _armed[0].Deadline;

    /// <inheritdoc/>
    public IVmTimer CreateTimer(string name, Action expired) => new Timer(this, name, expired);

    /// <summary>Calls every timer whose deadline has passed, in order of deadline; timers armed meanwhile included.</summary>
    /// <returns>How many were called.</returns>
    public int RunExpired()
    {
        // A timer that always re-arms itself in the past would keep us here for ever; one round per call is enough then.
        var limit = _armed.Count + 64;
        var called = 0;
        while (called < limit && _armed.Count > 0 && _armed[0].Deadline <= Now)
        {
            var timer = _armed[0];
            timer.Disarm();
            timer.Expire();
            called++;
        }
        return called;
    }

    private sealed class Timer(VmClock clock, string name, Action expired) : IVmTimer
    {
        public long? Deadline { get; private set; }

        public void Arm(long deadline)
        {
            Disarm();
            Deadline = deadline;
            var at = clock._armed.FindIndex(t => t.Deadline > deadline);
            clock._armed.Insert(at < 0 ? clock._armed.Count : at, this);
            if (ReferenceEquals(clock._armed[0], this))
                clock.EarlierDeadline?.Invoke();
        }

        public void Disarm()
        {
            if (Deadline is null)
                return;
            Deadline = null;
            clock._armed.Remove(this);
        }

        public void Expire() => expired();

        public override string ToString() => name;
    }
}
