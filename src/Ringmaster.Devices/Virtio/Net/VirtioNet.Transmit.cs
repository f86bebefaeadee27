using Ringmaster.Devices.Network;
using Ringmaster.Devices.Virtio.Rings;

namespace Ringmaster.Devices.Virtio.Net;

/// <summary>Frames from the driver.</summary>
public sealed partial class VirtioNet
{
    // What is sent in a turn at most, so that one driver does not keep the machine's lock for long.
    private const int MostFrames = 1024, MostBytes = 4 << 20;

    // Frames are copied once: the driver may change its own while they are looked at.
    private readonly byte[] _frame = new byte[FrameFinisher.LongestFrame];

    private int _sentFrames, _sentBytes;

    private void Transmit(VirtQueue queue)
    {
        (_sentFrames, _sentBytes) = (0, 0);
        var isAnySent = false;
        do
        {
            // As long as it is being worked, no notification is needed.
            queue.AskForNotification(false);
            while (queue.Take() is { } chain)
            {
                Transmit(chain.Readable, queue.Index / 2);
                queue.Return(chain, 0);
                isAnySent = true;
                if (_sentFrames >= MostFrames || _sentBytes >= MostBytes)
                    queue.EndTurn();
            }
        }
        while (queue.AskForNotification(true));
        if (isAnySent)
            queue.Notify();
    }

    /// <summary>Sends a frame. One that makes no sense is lost.</summary>
    private void Transmit(BufferList packet, int pair)
    {
        Span<byte> header = stackalloc byte[NetHeader.LengthFor(Agreed)];
        if (!_isLinkUp || packet.Length < (ulong)(header.Length + EthernetHeader) || packet.Length > (ulong)(header.Length + _frame.Length))
            return;
        var frame = _frame.AsSpan(0, (int)packet.Length - header.Length);
        if (!packet.TryRead(0, header) || !packet.TryRead((ulong)header.Length, frame) || !NetHeader.TryRead(header, frame.Length, Agreed, out var offload))
            return;
        _steering.Learn(frame, pair);
        if (offload.IsNone || _backend.TakesOffloads)
            Send(frame, offload);
        else
            _finisher.Finish(frame, offload, _sendFinished);
    }

    private void SendFinished(ReadOnlySpan<byte> frame) => Send(frame, FrameOffload.None);

    private void Send(ReadOnlySpan<byte> frame, in FrameOffload offload)
    {
        _sentFrames++;
        _sentBytes += frame.Length;
        _backend.Send(frame, offload);
    }
}
