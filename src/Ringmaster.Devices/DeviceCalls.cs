namespace Ringmaster.Devices;

/// <summary>
/// How back ends' threads call devices: with the machine's lock, and without the process's end when a device throws, which is a bug
/// that must end the machine. From <see cref="Close"/> on, no call reaches a device.
/// </summary>
/// <param name="machineLock">The machine's lock.</param>
/// <param name="failed">Told, with the lock held, of what a device throws.</param>
public sealed class DeviceCalls(Lock machineLock, Action<Exception> failed)
{
    private bool _isClosed;

    /// <summary>The machine's lock.</summary>
    public Lock MachineLock => machineLock;

    /// <summary>Calls a device on this thread, if the machine is still there.</summary>
    public void Run(Action action)
    {
        ArgumentNullException.ThrowIfNull(action);
        lock (machineLock)
        {
            if (_isClosed)
                return;
            try
            {
                action();
            }
#pragma warning disable CA1031 // The machine's own thread throws it again.
            catch (Exception failure)
#pragma warning restore CA1031
            {
                failed(failure);
            }
        }
    }

    /// <summary>Calls a device soon, on some other thread.</summary>
    public void Post(Action action) => ThreadPool.UnsafeQueueUserWorkItem(calls => calls.Run(action), this, preferLocal: false);

    /// <summary>The machine is about to be gone. Waits for a call under way; those that come later do nothing.</summary>
    public void Close()
    {
        lock (machineLock)
            _isClosed = true;
    }
}
