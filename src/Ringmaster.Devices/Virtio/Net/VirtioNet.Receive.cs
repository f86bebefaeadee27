using Ringmaster.Devices.Network;

namespace Ringmaster.Devices.Virtio.Net;

/// <summary>Frames for the driver.</summary>
public sealed partial class VirtioNet
{
    private VirtQueue? _toNotify;
    private int _placed;
    private bool _isRefused;

    private ulong TakenByDriver => Agreed & _guestOffloads;

    /// <summary>Takes a frame from the outside. Called with the machine's lock held.</summary>
    /// <param name="frame">The frame.</param>
    /// <param name="offload">What is left to do to it.</param>
    /// <returns>
    /// False if the driver has no room for it now; <see cref="INetworkBackend.ReceiverReady"/> is called when it has. True if it was
    /// taken, or nobody wants it.
    /// </returns>
    public bool Receive(ReadOnlySpan<byte> frame, in FrameOffload offload)
    {
        // As on a wire, what nobody waits for is lost.
        if (!IsRunning || !_isLinkUp || frame.Length is < EthernetHeader or > FrameFinisher.LongestFrame
            || !_filter.Passes(frame, _mac, (Agreed & NetFeature.ControlVlan) != 0))
            return true;
        (_placed, _isRefused) = (0, false);
        if (IsTaken(offload))
            Place(frame, offload);
        else
            _finisher.Finish(frame, offload, _placeFinished);
        _toNotify?.Notify();
        _toNotify = null;
        // Of a frame that is cut the rest is lost if there was room for some pieces only: they must not come twice.
        return !_isRefused || _placed > 0;
    }

    /// <summary>Whether the driver can do to a frame what is left to do.</summary>
    private bool IsTaken(in FrameOffload offload)
    {
        var taken = TakenByDriver;
        if (offload.NeedsChecksum && (taken & NetFeature.GuestChecksum) == 0)
            return false;
        if ((offload.Segmentation & FrameSegmentation.Ecn) != 0 && (taken & NetFeature.GuestEcn) == 0)
            return false;
        return (offload.Segmentation & ~FrameSegmentation.Ecn) switch
        {
            FrameSegmentation.None => true,
            FrameSegmentation.Tcp4 => offload.NeedsChecksum && (taken & NetFeature.GuestTso4) != 0,
            FrameSegmentation.Tcp6 => offload.NeedsChecksum && (taken & NetFeature.GuestTso6) != 0,
            // Which of the two it is only the frame tells.
            FrameSegmentation.Udp => offload.NeedsChecksum && (~taken & (NetFeature.GuestUso4 | NetFeature.GuestUso6)) == 0,
            _ => false,
        };
    }

    private void PlaceFinished(ReadOnlySpan<byte> frame)
    {
        if (!_isRefused)
            Place(frame, new FrameOffload { IsChecked = true });
    }

    private void Place(ReadOnlySpan<byte> frame, in FrameOffload offload)
    {
        var (pair, hash, report) = _steering.Choose(frame);
        if (pair >= PairCount || !IsRunning || Queue(2 * pair) is not { IsEnabled: true } queue)
            return;
        Span<byte> header = stackalloc byte[NetHeader.LengthFor(Agreed)];
        switch (_buffers[pair].Gather(queue, header.Length, header.Length + frame.Length, (Agreed & NetFeature.MergeableBuffers) != 0))
        {
            case GatherResult.Starved:
                _isRefused = true;
                return;
            case GatherResult.TooLarge:
                return;
            case GatherResult.Broken:
                Break();
                return;
        }
        header.Clear();
        NetHeader.Write(header, offload, mayBeChecked: (TakenByDriver & NetFeature.GuestChecksum) != 0);
        NetHeader.WriteHash(header, hash, report);
        if (!_buffers[pair].TryFill(queue, header, frame))
        {
            Break();
            return;
        }
        _placed++;
        if (_toNotify != queue)
            _toNotify?.Notify();
        _toNotify = queue;
    }

    /// <summary>The driver has added buffers. While there are some, it need not say so.</summary>
    private void BuffersAdded(VirtQueue queue)
    {
        queue.AskForNotification(false);
        if (!_buffers[queue.Index / 2].IsStarved)
            return;
        _buffers[queue.Index / 2].IsStarved = false;
        _backend.ReceiverReady();
    }
}
