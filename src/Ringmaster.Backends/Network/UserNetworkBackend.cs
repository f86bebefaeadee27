using Ringmaster.Devices.Network;
using Ringmaster.Host.Files;

namespace Ringmaster.Backends.Network;

/// <summary>
/// A network without privileges: the program passt turns the guest's connections into sockets of the host. The guest gets its
/// addresses by DHCP, router advertisements and DHCPv6 (<see cref="UserNetworkAddresses"/>); nobody outside can reach it but
/// through forwarded ports.
/// </summary>
/// <remarks>
/// passt understands TCP segments of any length that IP allows, so those that a guest leaves to be cut go to it whole, with
/// their checksum filled in. It makes no use of longer packets in the other direction unless the guest's MTU says so.
/// </remarks>
public sealed class UserNetworkBackend : INetworkBackend, IDisposable
{
    /// <summary>Longest frame that passt takes.</summary>
    private const int LongestFrame = 65535;

    private const int MostFramesAtOnce = 64;

    private readonly PasstProcess _passt;
    private readonly PollThread _loop;
    private readonly FrameInput _input;
    private readonly FrameStreamWriter _output;
    private readonly FrameStreamReader _reader = new();
    private readonly FrameFinisher _finisher = new();
    private readonly FrameSink _sink;
    private bool _hears = true, _isHeldBack;

    // Of the wait under way: where in its set the two are, or -1, and whether to write.
    private int _socket, _errors;
    private bool _writes;

    /// <summary>Starts passt and waits until it is ready, which takes some hundredths of a second.</summary>
    /// <param name="options">How the network is to be.</param>
    /// <param name="ended">Called on another thread, with a sentence for people, if passt ends before its time.</param>
    /// <exception cref="IOException">passt is missing or does not start; the message says what to do.</exception>
    public UserNetworkBackend(UserNetworkOptions options, Action<string>? ended = null) : this(PasstCommand.Name, options, ended)
    {
    }

    internal UserNetworkBackend(string program, UserNetworkOptions options, Action<string>? ended)
    {
        ArgumentNullException.ThrowIfNull(options);
        if (options.Dns.Count == 0)
            options = options with { Dns = HostResolvers.Better() };
        if (PasstCommand.Shortcoming(program, options) is { } shortcoming)
            throw new IOException(shortcoming);
        _passt = PasstProcess.Start(program, options);
        _loop = new PollThread("net-user", AddTo, Serve, message =>
        {
            _output!.Close();
            ended?.Invoke(message);
        });
        _input = new FrameInput(_loop.Bell);
        _output = new FrameStreamWriter(_passt.Socket, _loop.Bell);
        _sink = _output.Send;
        _loop.Start();
    }

    /// <inheritdoc/>
    public bool TakesOffloads => true;

    /// <inheritdoc/>
    public void Send(ReadOnlySpan<byte> frame, in FrameOffload offload)
    {
        var isTcp = (offload.Segmentation & ~FrameSegmentation.Ecn) is FrameSegmentation.Tcp4 or FrameSegmentation.Tcp6;
        if (isTcp && frame.Length <= LongestFrame)
            _finisher.Finish(frame, offload with { Segmentation = FrameSegmentation.None }, _sink);
        else
            _finisher.Finish(frame, offload, _sink);
    }

    /// <inheritdoc/>
    public void Connect(FrameReceiver? receiver) => _input.Connect(receiver);

    /// <inheritdoc/>
    public void ReceiverReady() => _input.Ready();

    /// <inheritdoc/>
    public void Dispose()
    {
        _loop.Stop();
        _output.Close();
        _passt.Dispose();
        _loop.Dispose();
    }

    private void AddTo(PollSet set)
    {
        _writes = _output.HasBacklog;
        _socket = !_isHeldBack || _writes ? set.Add(_passt.Socket, readable: !_isHeldBack, writable: _writes) : -1;
        _errors = _hears ? set.Add(_passt.Errors, readable: true) : -1;
    }

    private void Serve(PollSet set)
    {
        if (set.IsReadable(_errors))
            _hears = _passt.TakeErrors();
        if (_writes && set.IsWritable(_socket))
            _output.Flush();
        _isHeldBack = !Deliver(canRead: !_isHeldBack && set.IsReadable(_socket));
    }

    /// <summary>Hands over what was read before, then reads more.</summary>
    /// <returns>False if the device refuses a frame, which then waits.</returns>
    /// <exception cref="IOException">passt has gone, or talks nonsense.</exception>
    private bool Deliver(bool canRead)
    {
        // The checksums are passt's own work; the stream between the two loses nothing.
        var offload = FrameOffload.None with { IsChecked = true };
        for (var count = 0; count < MostFramesAtOnce || !canRead; count++)
        {
            while (_reader.TryPeek(out var frame))
            {
                if (!_input.Offer(frame, offload))
                    return false;
                _reader.Take();
            }
            if (_reader.IsBroken)
                throw new IOException("passt sent something that is no frame. The guest's network is dead until it is started again.");
            if (!canRead)
                return true;
            var outcome = _passt.Socket.TryReceive(_reader.Room, out var received);
            if (outcome == Transfer.Busy)
                return true;
            if (outcome == Transfer.Broken)
                throw new IOException(_passt.Obituary("passt has ended, and the guest's network with it"));
            _reader.Advance(received);
        }
        return true;
    }
}
