using Ringmaster.Devices.Network;
using Ringmaster.Host.Files;
using Ringmaster.Host.Network;

namespace Ringmaster.Backends.Network;

/// <summary>A network through a TAP interface of the host, at which the host's kernel takes part in the guest's network.</summary>
/// <remarks>
/// The kernel checks headers and frames that come from a guest. It queues what goes to a guest that does not take it, and drops
/// what is too much.
/// </remarks>
public sealed class TapNetworkBackend : INetworkBackend, IDisposable
{
    private const int MostFramesAtOnce = 64, ShortestFrame = 14;

    private readonly TapDevice _device;
    private readonly PollThread _loop;
    private readonly FrameInput _input;
    private readonly FrameFinisher _finisher = new();
    private readonly FrameSink _sink;
    private readonly byte[] _buffer = new byte[OffloadHeader.Size + FrameFinisher.LongestFrame];
    private int _waiting;

    // Of the wait under way: where in its set the device is, or -1.
    private int _awaited;

    /// <summary>Opens the interface and switches it on.</summary>
    /// <param name="options">Which, and how.</param>
    /// <param name="ended">Called on another thread, with a sentence for people, if the interface is taken away.</param>
    /// <exception cref="IOException">It cannot be opened; the message says why and what to do.</exception>
    public TapNetworkBackend(TapOptions options, Action<string>? ended = null)
    {
        ArgumentNullException.ThrowIfNull(options);
        _device = TapSetup.Open(options);
        _loop = new PollThread("net-tap", AddTo, Serve, message => ended?.Invoke(message));
        _input = new FrameInput(_loop.Bell);
        _sink = frame => Send(frame, FrameOffload.None);
        _loop.Start();
    }

    /// <inheritdoc/>
    public bool TakesOffloads => true;

    /// <inheritdoc/>
    public void Send(ReadOnlySpan<byte> frame, in FrameOffload offload)
    {
        if (!_device.CutsUdp && (offload.Segmentation & ~FrameSegmentation.Ecn) == FrameSegmentation.Udp)
        {
            _finisher.Finish(frame, offload, _sink);
            return;
        }
        Span<byte> header = stackalloc byte[OffloadHeader.Size];
        OffloadHeader.Write(header, offload);
        // A frame that the host refuses, or has no room for, is lost, as on a wire.
        _device.TryWrite(header, frame);
    }

    /// <inheritdoc/>
    public void Connect(FrameReceiver? receiver) => _input.Connect(receiver);

    /// <inheritdoc/>
    public void ReceiverReady() => _input.Ready();

    /// <inheritdoc/>
    public void Dispose()
    {
        _loop.Dispose();
        _device.Dispose();
    }

    private void AddTo(PollSet set) => _awaited = _waiting == 0 ? set.Add(_device, readable: true) : -1;

    private void Serve(PollSet set) => Deliver(canRead: set.IsReadable(_awaited));

    /// <summary>Hands over the frame that waits, if one does, and then those that can be read.</summary>
    /// <exception cref="IOException">The interface has gone.</exception>
    private void Deliver(bool canRead)
    {
        if (_waiting > 0 && !Offer(_waiting))
            return;
        _waiting = 0;
        for (var count = 0; canRead && count < MostFramesAtOnce; count++)
        {
            var outcome = _device.TryRead(_buffer, out var length);
            if (outcome == Transfer.Busy)
                return;
            if (outcome == Transfer.Broken)
                throw new IOException($"The interface {_device.Name} has been taken away, and the guest's network with it.");
            if (length < OffloadHeader.Size + ShortestFrame || Offer(length))
                continue;
            _waiting = length;
            return;
        }
    }

    private bool Offer(int length) => _input.Offer(_buffer.AsSpan(OffloadHeader.Size, length - OffloadHeader.Size), OffloadHeader.Read(_buffer));
}
