using Ringmaster.Devices.Clock;
using Ringmaster.Host.Waiting;

namespace Ringmaster.Machine.Running;

/// <summary>Runs the VM clock's timers when they are due, on a thread of its own.</summary>
internal sealed class TimerThread : IDisposable
{
    /// <summary>Nanoseconds between two rounds, at least: the lock is not a fair one, and the vCPUs need it too.</summary>
    private const long ShortestPause = 5_000;

    private readonly RealVmClock _clock;
    private readonly Lock _machineLock;
    private readonly Alarm _alarm = new();
    private readonly Thread _thread;
    private volatile bool _stopped;

    public TimerThread(RealVmClock clock, Lock machineLock)
    {
        _clock = clock;
        _machineLock = machineLock;
        clock.EarlierDeadline += _alarm.Set;
        _thread = new Thread(Loop) { Name = "vm-timers", IsBackground = true };
        _thread.Start();
    }

    /// <inheritdoc/>
    public void Dispose()
    {
        _stopped = true;
        _clock.EarlierDeadline -= _alarm.Set;
        _alarm.Set();
        _thread.Join();
        _alarm.Dispose();
    }

    private void Loop()
    {
        while (!_stopped)
        {
            long? wait;
            // One round at a time: a guest that programs very short periods must not keep the lock from the vCPUs.
            lock (_machineLock)
            {
                _clock.RunExpired();
                wait = _clock.NextDeadline - _clock.Now;
            }
            _alarm.Wait(wait is { } time ? Math.Max(time, ShortestPause) : null);
        }
    }
}
