using Ringmaster.Devices.Virtio.Rings;

namespace Ringmaster.Devices.Virtio.Vsock;

/// <summary>Packets from the guest.</summary>
public sealed partial class VirtioVsock
{
    private void TakePackets()
    {
        if (!IsRunning)
            return;
        var queue = Queue(SendQueue);
        do
        {
            while (_packets.Count < MostPackets && queue.Take() is { } chain)
            {
                Handle(chain);
                queue.Return(chain, 0);
            }
            GivePackets();
        }
        while (_packets.Count < MostPackets && queue.AskForNotification(true));
        queue.Notify();
    }

    private void Handle(DescriptorChain chain)
    {
        VsockHeader header = default;
        // Others' packets are nobody's here.
        if (!chain.Readable.TryRead(0, Bytes(ref header)) || header.SourceCid != _cid || header.DestinationCid != HostCid)
            return;
        var stream = new VsockStream(header.SourcePort, header.DestinationPort);
        _streams.TryGetValue(stream, out var connection);
        if (header.Type != VsockHeader.StreamType || header.Length > LongestPacket || header.Length > chain.Readable.Length - VsockHeader.Size
            || !Handle(header, stream, connection, chain))
            Refuse(header, stream, connection);
    }

    /// <summary>Handles a packet.</summary>
    /// <returns>False if it cannot be; then there is no such stream any more.</returns>
    private bool Handle(in VsockHeader header, VsockStream stream, VsockConnection? connection, DescriptorChain chain)
    {
        if (header.Operation == VsockOperation.Request)
        {
            if (connection is not null || _streams.Count >= MostStreams)
                return false;
            connection = new VsockConnection(stream, isOpenedByHost: false);
            connection.Learn(header);
            _streams.Add(stream, connection);
            _backend.Connect(stream);
            return true;
        }
        if (connection is null || header.Operation == VsockOperation.Reset)
            return false;
        if (header.Operation == VsockOperation.Response)
        {
            if (connection.IsConnected || !connection.IsOpenedByHost)
                return false;
            connection.IsConnected = true;
            connection.Learn(header);
            _backend.Accepted(stream);
            return true;
        }
        if (!connection.IsConnected)
            return false;
        connection.Learn(header);
        if (connection.IsHeldBack && connection.Credit > 0)
            Release(connection);
        switch (header.Operation)
        {
            case VsockOperation.Data:
                return TakeData(header, connection, chain);
            case VsockOperation.Shutdown:
                var ends = connection.GuestEnds | header.Flags & (VsockHeader.NoReceive | VsockHeader.NoSend);
                if ((ends & ~connection.GuestEnds & VsockHeader.NoSend) != 0)
                    _backend.Ended(stream);
                connection.GuestEnds = ends;
                // A guest that does neither is answered with the end (section 5.10.6.6).
                return ends != (VsockHeader.NoReceive | VsockHeader.NoSend);
            case VsockOperation.CreditUpdate:
                return true;
            case VsockOperation.CreditRequest:
                Tell(stream, VsockOperation.CreditUpdate);
                return true;
            default:
                return false;
        }
    }

    private bool TakeData(in VsockHeader header, VsockConnection connection, DescriptorChain chain)
    {
        if ((connection.GuestEnds & VsockHeader.NoSend) != 0 || !connection.TryReceive(header.Length))
            return false;
        Span<byte> part = stackalloc byte[4096];
        for (uint done = 0; done < header.Length; done += (uint)part.Length)
        {
            var now = part[..(int)Math.Min((uint)part.Length, header.Length - done)];
            if (!chain.Readable.TryRead(VsockHeader.Size + done, now))
                return false;
            _backend.Send(connection.Stream, now);
        }
        return true;
    }

    /// <summary>Ends a stream, if there is one, and tells a guest that does not know it yet.</summary>
    private void Refuse(in VsockHeader header, VsockStream stream, VsockConnection? connection)
    {
        if (connection is not null)
        {
            _streams.Remove(stream);
            _backend.Closed(stream);
        }
        if (header.Operation != VsockOperation.Reset)
            Tell(stream, VsockOperation.Reset);
    }
}
