namespace Ringmaster.Devices.Virtio.Vsock;

/// <summary>A stream and its credit (virtio 1.2 section 5.10.6.3). Counters count bytes modulo 2^32.</summary>
/// <param name="stream">Which one.</param>
/// <param name="isOpenedByHost">Who has opened it.</param>
internal sealed class VsockConnection(VsockStream stream, bool isOpenedByHost)
{
    private uint _guestBuffer, _guestForwarded, _sent, _received, _told;

    public VsockStream Stream => stream;

    public bool IsOpenedByHost => isOpenedByHost;

    public bool IsConnected { get; set; }

    /// <summary>Whether bytes for the guest wait outside.</summary>
    public bool IsHeldBack { get; set; }

    /// <summary>What the guest does not do any more: <see cref="VsockHeader.NoReceive"/> and <see cref="VsockHeader.NoSend"/>.</summary>
    public uint GuestEnds { get; set; }

    /// <summary>Whether the host has sent its last byte.</summary>
    public bool HasHostEnded { get; set; }

    /// <summary>How many bytes of the guest's have gone on.</summary>
    public uint Forwarded { get; private set; }

    /// <summary>Bytes that the guest has room for. One that takes back what it said has none.</summary>
    public uint Credit => _guestBuffer - (_sent - _guestForwarded) is var left && left <= _guestBuffer ? left : 0;

    /// <summary>Whether the guest does not know of much room that there is.</summary>
    public bool HasNews => Forwarded - _told >= VirtioVsock.BufferSize / 4;

    public void Learn(in VsockHeader header) => (_guestBuffer, _guestForwarded) = (header.BufferSize, header.Forwarded);

    public void Tell(ref VsockHeader header) => (header.BufferSize, header.Forwarded, _told) = (VirtioVsock.BufferSize, Forwarded, Forwarded);

    public void Sent(uint count) => _sent += count;

    /// <summary>The guest has sent bytes.</summary>
    /// <returns>False if it had been given no room for them.</returns>
    public bool TryReceive(uint count)
    {
        if (_received - Forwarded + (ulong)count > VirtioVsock.BufferSize)
            return false;
        _received += count;
        return true;
    }

    /// <summary>Bytes have gone on.</summary>
    public void Forward(uint count) => Forwarded += Math.Min(count, _received - Forwarded);
}
