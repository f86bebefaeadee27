using System.Diagnostics;

namespace Ringmaster.Fuzz.Tests;

/// <summary>
/// Watches one activity at a time: after a slice it asks it to end, and if it does not, it ends the process with the case's
/// name, since a thread that hangs cannot be stopped otherwise.
/// </summary>
internal sealed class Watchdog : IDisposable
{
    private static readonly TimeSpan s_patience = TimeSpan.FromSeconds(30);
    private readonly TimeSpan _slice;
    private readonly Action _end;
    private readonly Thread _thread;
    private string _case = "";
    private long _startedAt;
    private volatile bool _stopped;

    /// <param name="slice">How long the activity may go on undisturbed.</param>
    /// <param name="end">Asks it to end; called again and again until it does.</param>
    public Watchdog(TimeSpan slice, Action end)
    {
        _slice = slice;
        _end = end;
        _thread = new Thread(Loop) { IsBackground = true, Name = "fuzz-watchdog", Priority = ThreadPriority.AboveNormal };
        _thread.Start();
    }

    /// <summary>The activity begins. Its name must tell how to repeat it.</summary>
    public void Begin(string activity)
    {
        Volatile.Write(ref _case, activity);
        Volatile.Write(ref _startedAt, Stopwatch.GetTimestamp());
    }

    /// <summary>The activity has ended.</summary>
    public void End() => Volatile.Write(ref _startedAt, 0);

    public void Dispose()
    {
        _stopped = true;
        _thread.Join();
    }

    private void Loop()
    {
        while (!_stopped)
        {
            Thread.Sleep(1);
            var startedAt = Volatile.Read(ref _startedAt);
            if (startedAt == 0)
                continue;
            var elapsed = Stopwatch.GetElapsedTime(startedAt);
            if (elapsed > _slice)
                _end();
            if (elapsed > _slice + s_patience)
                Environment.FailFast($"{Volatile.Read(ref _case)} does not end.");
        }
    }
}
