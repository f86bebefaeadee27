namespace Ringmaster.Devices.Virtio.Vsock;

/// <summary>What the host's end asks for.</summary>
public sealed partial class VirtioVsock
{
    /// <inheritdoc/>
    public bool Open(VsockStream stream)
    {
        if (!IsRunning || _streams.Count >= MostStreams || _packets.Count >= MostPackets || !_streams.TryAdd(stream, new VsockConnection(stream, isOpenedByHost: true)))
            return false;
        Tell(stream, VsockOperation.Request);
        GivePackets();
        return true;
    }

    /// <inheritdoc/>
    public void Accept(VsockStream stream)
    {
        if (!_streams.TryGetValue(stream, out var connection) || connection.IsConnected || connection.IsOpenedByHost)
            return;
        connection.IsConnected = true;
        Tell(stream, VsockOperation.Response);
        GivePackets();
    }

    /// <inheritdoc/>
    public int Receive(VsockStream stream, ReadOnlySpan<byte> bytes)
    {
        if (!IsRunning || !_streams.TryGetValue(stream, out var connection) || !connection.IsConnected)
            return 0;
        // A guest that reads no more gets no more: the bytes are lost, as with any socket.
        if ((connection.GuestEnds & VsockHeader.NoReceive) != 0)
            return bytes.Length;
        var queue = Queue(ReceiveQueue);
        var taken = 0;
        // What was said before comes first.
        GivePackets();
        while (_packets.Count == 0 && taken < bytes.Length && connection.Credit > 0 && queue.TakeOrAsk() is { } chain)
        {
            var room = chain.Writable.Length > VsockHeader.Size ? chain.Writable.Length - VsockHeader.Size : 0;
            var part = bytes[taken..][..(int)Math.Min(Math.Min(room, connection.Credit), (ulong)Math.Min(bytes.Length - taken, LongestPacket))];
            var header = new VsockHeader
            {
                SourceCid = HostCid,
                DestinationCid = _cid,
                SourcePort = stream.HostPort,
                DestinationPort = stream.GuestPort,
                Length = (uint)part.Length,
                Type = VsockHeader.StreamType,
                Operation = VsockOperation.Data,
            };
            connection.Tell(ref header);
            var isWritten = part.Length > 0 && chain.Writable.TryWrite(0, Bytes(ref header)) && chain.Writable.TryWrite(VsockHeader.Size, part);
            queue.Return(chain, isWritten ? (uint)(VsockHeader.Size + part.Length) : 0);
            if (!isWritten)
                continue;
            connection.Sent((uint)part.Length);
            taken += part.Length;
        }
        queue.Notify();
        connection.IsHeldBack = taken < bytes.Length;
        return taken;
    }

    /// <inheritdoc/>
    public void Forwarded(VsockStream stream, int count)
    {
        if (!_streams.TryGetValue(stream, out var connection))
            return;
        connection.Forward((uint)count);
        // One message of this kind at a time: it has the newest count when it goes.
        if (connection.HasNews && !_packets.Any(p => p.Operation == VsockOperation.CreditUpdate && p.DestinationPort == stream.GuestPort && p.SourcePort == stream.HostPort))
            Tell(stream, VsockOperation.CreditUpdate);
        GivePackets();
    }

    /// <inheritdoc/>
    public void End(VsockStream stream)
    {
        if (!_streams.TryGetValue(stream, out var connection) || !connection.IsConnected || connection.HasHostEnded)
            return;
        connection.HasHostEnded = true;
        Tell(stream, VsockOperation.Shutdown, VsockHeader.NoSend);
        GivePackets();
    }

    /// <inheritdoc/>
    public void Close(VsockStream stream)
    {
        if (!_streams.Remove(stream))
            return;
        Tell(stream, VsockOperation.Reset);
        GivePackets();
    }
}
