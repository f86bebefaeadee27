using System.Diagnostics;

namespace Ringmaster.Devices.Clock;

/// <summary>A clock that follows the host's monotonic clock, if need be slowly, while it runs and stands still while it is paused.</summary>
public sealed class RealVmClock : VmClock
{
    private readonly Lock _lock = new();
    private readonly int _slowdown;
    private readonly DateTimeOffset _utcAtZero;
    private long _origin;
    private long _pausedAt;
    private bool _running;
    private long _epoch;

    /// <summary>Creates a paused clock.</summary>
    /// <param name="now">Where <see cref="Now"/> starts, in nanoseconds: 0, or what a snapshot says.</param>
    /// <param name="slowdown">How many times slower it is than the host's.</param>
    public RealVmClock(long now = 0, int slowdown = 1)
    {
        ArgumentOutOfRangeException.ThrowIfNegativeOrZero(slowdown);
        _slowdown = slowdown;
        _pausedAt = now;
        _utcAtZero = DateTimeOffset.UtcNow.AddTicks(-now / 100);
    }

    /// <inheritdoc/>
    public override long Now => Volatile.Read(ref _running) ? Host() - Volatile.Read(ref _origin) : Volatile.Read(ref _pausedAt);

    /// <inheritdoc/>
    public override long Epoch => Volatile.Read(ref _epoch);

    /// <inheritdoc/>
    public override DateTimeOffset UtcNow => _utcAtZero.AddTicks(Now / 100);

    /// <inheritdoc/>
    public override long OnHost(long span) => span > long.MaxValue / _slowdown ? long.MaxValue : span * _slowdown;

    /// <summary>Lets time flow.</summary>
    public void Resume()
    {
        lock (_lock)
        {
            if (_running)
                return;
            Volatile.Write(ref _origin, Host() - _pausedAt);
            Volatile.Write(ref _epoch, _epoch + 1);
            Volatile.Write(ref _running, true);
        }
    }

    /// <summary>Stops time.</summary>
    public void Pause()
    {
        lock (_lock)
        {
            if (!_running)
                return;
            Volatile.Write(ref _pausedAt, Host() - _origin);
            Volatile.Write(ref _running, false);
        }
    }

    // Stopwatch ticks are nanoseconds on Linux (clock_gettime(2), CLOCK_MONOTONIC).
    private long Host() => _slowdown == 1 ? Stopwatch.GetTimestamp() : Stopwatch.GetTimestamp() / _slowdown;
}
