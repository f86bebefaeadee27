using System.Collections.Concurrent;
using System.Globalization;
using System.Net.Sockets;
using System.Text;
using Ringmaster.Devices.Virtio.Vsock;

namespace Ringmaster.Backends.Sockets;

/// <summary>
/// A guest's sockets as Unix sockets of the host's. A stream that the guest opens to port N goes to whoever listens at
/// <c>PATH_N</c>. Who wants one to the guest's port N connects to <c>PATH</c>, writes <c>CONNECT N</c> and a line feed, and gets
/// <c>OK M</c> and a line feed, with the port M that the guest sees, before the stream begins; if there is none, the socket is closed.
/// </summary>
public sealed class UnixVsockBackend : IVsockBackend, IDisposable
{
    private const int LongestLine = 32, Backlog = 64, MostGreeting = 64;

    // Ports of the host's end of streams that the host opens; those below may have listeners.
    private const uint FirstPort = 0x4000_0000, PortMask = 0x3FFF_FFFF;

    private static readonly TimeSpan s_longestGreeting = TimeSpan.FromSeconds(10);

    private readonly string _path;
    private readonly Socket _listener;
    private readonly ConcurrentDictionary<VsockStream, VsockPipe> _pipes = new();
    private readonly CancellationTokenSource _stopped = new();
    private readonly SemaphoreSlim _greetings = new(MostGreeting);
    private readonly Task _accepting;
    private volatile IVsockGuest? _guest;
    private uint _lastPort;

    /// <summary>Creates the socket and listens. A stale socket file of the same name is replaced.</summary>
    /// <exception cref="IOException">The path is in use, or the socket cannot be created there.</exception>
    public UnixVsockBackend(string path)
    {
        _path = path;
        _listener = UnixListener.Listen(path, Backlog);
        _accepting = Task.Run(AcceptAll);
    }

    /// <inheritdoc/>
    public void Attach(IVsockGuest? guest) => _guest = guest;

    /// <inheritdoc/>
    public void Connect(VsockStream stream)
    {
        if (_guest is not { } guest)
            return;
        var pipe = new VsockPipe(stream, guest);
        _pipes[stream] = pipe;
        _ = Task.Run(() => ConnectToListener(pipe, guest));
    }

    /// <inheritdoc/>
    public void Accepted(VsockStream stream) => Find(stream)?.Answer.TrySetResult(true);

    /// <inheritdoc/>
    public void Send(VsockStream stream, ReadOnlySpan<byte> bytes) => Find(stream)?.Send(bytes);

    /// <inheritdoc/>
    public void ReceiverReady(VsockStream stream) => Find(stream)?.Ready();

    /// <inheritdoc/>
    public void Ended(VsockStream stream) => Find(stream)?.End();

    /// <inheritdoc/>
    public void Closed(VsockStream stream)
    {
        // The guest may use the ports again at once, while the last bytes still go out.
        if (_pipes.TryRemove(stream, out var pipe))
            pipe.Close();
    }

    /// <inheritdoc/>
    public void Reset()
    {
        foreach (var stream in _pipes.Keys)
        {
            if (_pipes.TryRemove(stream, out var pipe))
                pipe.Abort();
        }
    }

    /// <inheritdoc/>
    public void Dispose()
    {
        _guest = null;
        _stopped.Cancel();
        _listener.Dispose();
        Reset();
        _accepting.Wait(TimeSpan.FromSeconds(1));
        File.Delete(_path);
        _stopped.Dispose();
    }

    private VsockPipe? Find(VsockStream stream) => _pipes.GetValueOrDefault(stream);

    private async Task ConnectToListener(VsockPipe pipe, IVsockGuest guest)
    {
        using var socket = new Socket(AddressFamily.Unix, SocketType.Stream, ProtocolType.Unspecified);
        try
        {
            var path = string.Create(CultureInfo.InvariantCulture, $"{_path}_{pipe.Stream.HostPort}");
            await socket.ConnectAsync(new UnixDomainSocketEndPoint(path), _stopped.Token).ConfigureAwait(false);
        }
        catch (Exception error) when (error is SocketException or ArgumentException or OperationCanceledException)
        {
            guest.Close(pipe.Stream);
            Forget(pipe);
            return;
        }
        guest.Accept(pipe.Stream);
        await RunPipe(pipe, socket).ConfigureAwait(false);
    }

    private async Task AcceptAll()
    {
        try
        {
            while (true)
            {
                // Those who connect and say nothing keep others waiting, and no memory.
                await _greetings.WaitAsync(_stopped.Token).ConfigureAwait(false);
                var socket = await _listener.AcceptAsync(_stopped.Token).ConfigureAwait(false);
                _ = Task.Run(() => Greet(socket));
            }
        }
        catch (Exception error) when (error is SocketException or OperationCanceledException or ObjectDisposedException)
        {
            // This object is being disposed.
        }
    }

    private async Task Greet(Socket socket)
    {
        using (socket)
        {
            VsockPipe? pipe = null;
            try
            {
                using var limit = CancellationTokenSource.CreateLinkedTokenSource(_stopped.Token);
                limit.CancelAfter(s_longestGreeting);
                if (await ReadPort(socket, limit.Token).ConfigureAwait(false) is not { } port || _guest is not { } guest)
                    return;
                pipe = new VsockPipe(new VsockStream(port, FirstPort | Interlocked.Increment(ref _lastPort) & PortMask), guest);
                _pipes[pipe.Stream] = pipe;
                if (!guest.Open(pipe.Stream))
                    return;
                try
                {
                    if (!await pipe.Answer.Task.WaitAsync(limit.Token).ConfigureAwait(false))
                        return;
                    var answer = string.Create(CultureInfo.InvariantCulture, $"OK {pipe.Stream.HostPort}\n");
                    await socket.SendAsync(Encoding.ASCII.GetBytes(answer), limit.Token).ConfigureAwait(false);
                }
                catch (Exception error) when (error is SocketException or OperationCanceledException)
                {
                    guest.Close(pipe.Stream);
                    return;
                }
            }
            catch (Exception error) when (error is SocketException or OperationCanceledException or ObjectDisposedException)
            {
                return;
            }
            finally
            {
                _greetings.Release();
                if (pipe is { Answer.Task: not { IsCompletedSuccessfully: true, Result: true } })
                    Forget(pipe);
            }
            await RunPipe(pipe, socket).ConfigureAwait(false);
        }
    }

    /// <summary>Reads <c>CONNECT N</c>, byte for byte: what follows is the stream's.</summary>
    private static async Task<uint?> ReadPort(Socket socket, CancellationToken limit)
    {
        var (line, one) = (new StringBuilder(), new byte[1]);
        while (line.Length < LongestLine && await socket.ReceiveAsync(one, limit).ConfigureAwait(false) == 1)
        {
            if (one[0] != '\n')
            {
                line.Append((char)one[0]);
                continue;
            }
            return line.ToString().Split(' ') is ["CONNECT", var number] && uint.TryParse(number, NumberStyles.None, CultureInfo.InvariantCulture, out var port) ? port : null;
        }
        return null;
    }

    private async Task RunPipe(VsockPipe pipe, Socket socket)
    {
        await pipe.Run(socket).ConfigureAwait(false);
        Forget(pipe);
    }

    private void Forget(VsockPipe pipe) => _pipes.TryRemove(new KeyValuePair<VsockStream, VsockPipe>(pipe.Stream, pipe));
}
