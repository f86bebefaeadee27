using Ringmaster.Devices;

namespace Ringmaster.Backends.Serial;

/// <summary>Hands bytes from the outside to the device, at the device's pace.</summary>
/// <remarks>
/// The device's lock is never taken while this object's own is held: the receiver is called without it. A receiver that
/// is disconnected may therefore get one more call that had already begun.
/// </remarks>
internal sealed class SerialInput : IDisposable
{
    private readonly AutoResetEvent _room = new(false);
    private SerialReceiver? _receiver;
    private volatile bool _stopped;

    internal void Connect(SerialReceiver? receiver)
    {
        Volatile.Write(ref _receiver, receiver);
        _room.Set();
    }

    internal void Ready() => _room.Set();

    /// <summary>Hands over all bytes, waiting for the device as often as needed.</summary>
    /// <returns>False if the input was stopped before all were taken.</returns>
    internal bool Offer(ReadOnlySpan<byte> bytes)
    {
        while (!_stopped)
        {
            var taken = Volatile.Read(ref _receiver)?.Invoke(bytes) ?? 0;
            bytes = bytes[Math.Clamp(taken, 0, bytes.Length)..];
            if (bytes.IsEmpty)
                return true;
            // The event remembers a Ready that came between the call and this wait.
            _room.WaitOne();
        }
        return false;
    }

    /// <summary>Ends all waits, present and future.</summary>
    internal void Stop()
    {
        _stopped = true;
        _room.Set();
    }

    public void Dispose() => _room.Dispose();
}
