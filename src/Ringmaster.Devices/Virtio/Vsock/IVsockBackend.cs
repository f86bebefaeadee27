namespace Ringmaster.Devices.Virtio.Vsock;

/// <summary>
/// The host's end of a guest's sockets. But for <see cref="Attach"/>, all members are called with the machine's lock held; they do not
/// block, and do not call back inside.
/// </summary>
public interface IVsockBackend
{
    /// <summary>Connects the guest, or disconnects it. Called before the machine runs and when it has ended, without the lock.</summary>
    void Attach(IVsockGuest? guest);

    /// <summary>The guest wants a stream to a port of the host's. <see cref="IVsockGuest.Accept"/> or <see cref="IVsockGuest.Close"/> answers.</summary>
    void Connect(VsockStream stream);

    /// <summary>The guest accepts a stream that the host has opened.</summary>
    void Accepted(VsockStream stream);

    /// <summary>The guest sends. <see cref="IVsockGuest.Forwarded"/> tells when the bytes are gone; no more than <see cref="VirtioVsock.BufferSize"/> wait for that.</summary>
    void Send(VsockStream stream, ReadOnlySpan<byte> bytes);

    /// <summary>The guest has room for bytes that were not taken.</summary>
    void ReceiverReady(VsockStream stream);

    /// <summary>The guest has sent its last byte.</summary>
    void Ended(VsockStream stream);

    /// <summary>The stream is gone, or was refused. What the guest has sent is still to arrive.</summary>
    void Closed(VsockStream stream);

    /// <summary>All streams are gone.</summary>
    void Reset();
}
