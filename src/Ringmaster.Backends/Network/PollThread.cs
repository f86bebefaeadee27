using Ringmaster.Host.Files;

namespace Ringmaster.Backends.Network;

/// <summary>A thread that waits for descriptors and for a bell, and serves what happens, until it is stopped.</summary>
/// <param name="name">The thread's name.</param>
/// <param name="add">Called before each wait: adds the descriptors to wait for.</param>
/// <param name="serve">Called after it, with what happened to them. An <see cref="IOException"/> from it ends the thread.</param>
/// <param name="failed">Called on the thread with the message of the exception that ended it, unless it was being stopped.</param>
internal sealed class PollThread(string name, Action<PollSet> add, Action<PollSet> serve, Action<string> failed) : IDisposable
{
    private Thread? _thread;
    private volatile bool _stopped;

    /// <summary>Ends a wait, from any thread.</summary>
    internal WakeSignal Bell { get; } = new();

    internal void Start()
    {
        _thread = new Thread(Run) { IsBackground = true, Name = name };
        _thread.Start();
    }

    /// <summary>Ends the thread, and waits until it has ended.</summary>
    internal void Stop()
    {
        _stopped = true;
        Bell.Set();
        _thread?.Join();
    }

    /// <summary>Stops it. Who rings afterwards rings in vain.</summary>
    public void Dispose()
    {
        Stop();
        Bell.Dispose();
    }

    private void Run()
    {
        var set = new PollSet();
        try
        {
            while (true)
            {
                set.Clear();
                set.Add(Bell, readable: true);
                add(set);
                set.Wait();
                // Before anything is looked at, so that what happens from now on is noticed.
                Bell.Clear();
                if (_stopped)
                    return;
                serve(set);
            }
        }
        catch (IOException error)
        {
            if (!_stopped)
                failed(error.Message);
        }
    }
}
