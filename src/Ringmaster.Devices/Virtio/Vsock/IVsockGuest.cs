namespace Ringmaster.Devices.Virtio.Vsock;

/// <summary>
/// The guest's end of its sockets, as a back end sees it. Back ends call it on any thread without the machine's lock and without a
/// lock of their own; the machine's wiring takes the machine's. Of a stream that is gone, nothing is heard.
/// </summary>
public interface IVsockGuest
{
    /// <summary>Opens a stream to a port of the guest's. <see cref="IVsockBackend.Accepted"/> or <see cref="IVsockBackend.Closed"/> answers.</summary>
    /// <returns>False if there cannot be one now.</returns>
    bool Open(VsockStream stream);

    /// <summary>Accepts a stream that the guest has opened.</summary>
    void Accept(VsockStream stream);

    /// <summary>Sends to the guest.</summary>
    /// <returns>How many were taken; <see cref="IVsockBackend.ReceiverReady"/> is called when there is room for the others.</returns>
    int Receive(VsockStream stream, ReadOnlySpan<byte> bytes);

    /// <summary>Bytes from the guest have gone where they were to go.</summary>
    void Forwarded(VsockStream stream, int count);

    /// <summary>The host has sent its last byte.</summary>
    void End(VsockStream stream);

    /// <summary>Closes a stream, or refuses one.</summary>
    void Close(VsockStream stream);
}
