namespace Ringmaster.Devices.Virtio.Vsock;

/// <summary>A guest's sockets, for callers without the machine's lock.</summary>
/// <param name="machineLock">The machine's lock.</param>
/// <param name="guest">The device.</param>
public sealed class LockedVsockGuest(Lock machineLock, IVsockGuest guest) : IVsockGuest
{
    /// <inheritdoc/>
    public bool Open(VsockStream stream)
    {
        lock (machineLock)
            return guest.Open(stream);
    }

    /// <inheritdoc/>
    public void Accept(VsockStream stream)
    {
        lock (machineLock)
            guest.Accept(stream);
    }

    /// <inheritdoc/>
    public int Receive(VsockStream stream, ReadOnlySpan<byte> bytes)
    {
        lock (machineLock)
            return guest.Receive(stream, bytes);
    }

    /// <inheritdoc/>
    public void Forwarded(VsockStream stream, int count)
    {
        lock (machineLock)
            guest.Forwarded(stream, count);
    }

    /// <inheritdoc/>
    public void End(VsockStream stream)
    {
        lock (machineLock)
            guest.End(stream);
    }

    /// <inheritdoc/>
    public void Close(VsockStream stream)
    {
        lock (machineLock)
            guest.Close(stream);
    }
}
