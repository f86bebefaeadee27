using Ringmaster.Devices.Clock;
using Ringmaster.Host.Waiting;

namespace Ringmaster.Machine.Running;

/// <summary>Runs the VM clock's timers when they are due, on a thread of its own.</summary>
internal sealed class TimerThread : IDisposable
{
    /// <summary>Nanoseconds between two rounds, at least: the lock is not a fair one, and the vCPUs need it too.</summary>
    private const long ShortestPause = 5_000;

    private readonly VmClock _clock;
    private readonly Lock _machineLock;
    private readonly Action<Exception> _failed;
    private readonly Alarm _alarm = new();
    private readonly Thread _thread;
    private volatile bool _stopped;

    /// <summary>Starts the thread.</summary>
    /// <param name="clock">Has the timers.</param>
    /// <param name="machineLock">Held while timers run.</param>
    /// <param name="failed">Hears, with the lock held, of a timer that threw; none runs any more then.</param>
    public TimerThread(VmClock clock, Lock machineLock, Action<Exception> failed)
    {
        _clock = clock;
        _machineLock = machineLock;
        _failed = failed;
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
                if (!TryRunExpired())
                    return;
                wait = _clock.NextDeadline is { } deadline ? _clock.OnHost(deadline - _clock.Now) : null;
            }
            _alarm.Wait(wait is { } time ? Math.Max(time, ShortestPause) : null);
        }
    }

    private bool TryRunExpired()
    {
        try
        {
            _clock.RunExpired();
            return true;
        }
#pragma warning disable CA1031 // Thrown again by the thread that runs the machine; here it would end the whole process.
        catch (Exception failure)
#pragma warning restore CA1031
        {
            _failed(failure);
            return false;
        }
    }
}
