namespace Ringmaster.Machine.Running;

/// <summary>Whether a machine's vCPUs may run, and whether they do: what pausing it and going on is about.</summary>
internal sealed class RunGate : IDisposable
{
    private readonly ManualResetEventSlim _open = new(true), _standing = new(true);

    /// <summary>Whether vCPUs may run.</summary>
    public bool IsOpen => _open.IsSet;

    /// <summary>Shuts the gate. Whoever runs must be made to look at <see cref="IsOpen"/>.</summary>
    public void Shut() => _open.Reset();

    /// <summary>Opens the gate.</summary>
    public void Open() => _open.Set();

    /// <summary>Waits until nothing runs.</summary>
    public void WaitUntilStanding() => _standing.Wait();

    /// <summary>Waits at the gate.</summary>
    /// <param name="stop">Ends the wait.</param>
    public void WaitUntilOpen(CancellationToken stop) => WaitHandle.WaitAny([_open.WaitHandle, stop.WaitHandle]);

    /// <summary>Runs something that ends when the gate is shut.</summary>
    public void Run(Action action)
    {
        _standing.Reset();
        try
        {
            action();
        }
        finally
        {
            _standing.Set();
        }
    }

    public void Dispose()
    {
        _open.Dispose();
        _standing.Dispose();
    }
}
