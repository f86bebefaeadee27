namespace Ringmaster.Devices.Clock;

/// <summary>A clock that moves only when told to: for tests and for deterministic runs.</summary>
/// <param name="start">The wall-clock time at which it starts; 2009-01-01 UTC unless given.</param>
public sealed class ManualVmClock(DateTimeOffset? start = null) : VmClock
{
    private readonly DateTimeOffset _start = start ?? new DateTimeOffset(2009, 1, 1, 0, 0, 0, TimeSpan.Zero);
    private long _now;

    /// <inheritdoc/>
    public override long Now => _now;

    /// <inheritdoc/>
    public override DateTimeOffset UtcNow => _start.AddTicks(_now / 100);

    /// <summary>Moves on, stopping at each deadline on the way to run its timer at exactly that time.</summary>
    /// <param name="nanoseconds">How far, not negative.</param>
    public void Advance(long nanoseconds)
    {
        ArgumentOutOfRangeException.ThrowIfNegative(nanoseconds);
        var target = _now + nanoseconds;
        RunExpired();
        while (NextDeadline is { } next && next <= target)
        {
            _now = Math.Max(_now, next);
            RunExpired();
        }
        _now = target;
    }
}
