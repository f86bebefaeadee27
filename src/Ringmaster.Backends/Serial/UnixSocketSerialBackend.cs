using System.Net.Sockets;
using Ringmaster.Backends.Sockets;
using Ringmaster.Devices;

namespace Ringmaster.Backends.Serial;

/// <summary>
/// A serial line to a Unix socket that listens. One client at a time; when it goes, the next may come. What the guest sends
/// before the first client comes is kept, up to a limit, so that the start of a boot is not missed; later, bytes sent while
/// nobody is connected are lost.
/// </summary>
public sealed class UnixSocketSerialBackend : ISerialBackend, IDisposable
{
    private const int OutputCapacity = 256 * 1024;
    private static readonly TimeSpan LongestSend = TimeSpan.FromSeconds(1);

    private readonly string _path;
    private readonly Socket _listener;
    private readonly SerialInput _incoming = new();
    private readonly SerialOutput _outgoing;
    private readonly ManualResetEventSlim _firstClient = new(false);
    private readonly Thread _reader;
    private volatile Socket? _client;
    private volatile bool _stopped;

    /// <summary>Creates the socket and listens. A stale socket file of the same name, on which nobody listens, is replaced.</summary>
    /// <exception cref="IOException">The path is in use, or the socket cannot be created there.</exception>
    public UnixSocketSerialBackend(string path)
    {
        _path = path;
        _listener = UnixListener.Listen(path, backlog: 1);
        _outgoing = new SerialOutput("socket-out", OutputCapacity, Send);
        _reader = new Thread(Serve) { IsBackground = true, Name = "socket-in" };
        _reader.Start();
    }

    /// <inheritdoc/>
    public void Transmit(byte value) => _outgoing.Put(value);

    /// <inheritdoc/>
    public void Connect(SerialReceiver? receiver) => _incoming.Connect(receiver);

    /// <inheritdoc/>
    public void ReceiverReady() => _incoming.Ready();

    /// <inheritdoc/>
    public void Dispose()
    {
        if (_firstClient.IsSet)
            _outgoing.Flush();
        _stopped = true;
        _incoming.Stop();
        _firstClient.Set();
        _listener.Dispose();
        _client?.Dispose();
        _outgoing.Dispose();
        _reader.Join(TimeSpan.FromSeconds(1));
        File.Delete(_path);
    }

    private void Serve()
    {
        var buffer = new byte[4096];
        while (!_stopped)
        {
            try
            {
                using var client = _listener.Accept();
                client.SendTimeout = (int)LongestSend.TotalMilliseconds;
                _client = client;
                _firstClient.Set();
                for (int count; (count = client.Receive(buffer)) > 0;)
                {
                    if (!_incoming.Offer(buffer.AsSpan(0, count)))
                        return;
                }
            }
            catch (Exception error) when (error is SocketException or ObjectDisposedException)
            {
                // The client is gone, or this object is being disposed: the loop's condition tells which.
            }
            _client = null;
        }
    }

    private void Send(ReadOnlySpan<byte> bytes)
    {
        _firstClient.Wait();
        try
        {
            while (!bytes.IsEmpty && _client is { } client)
                bytes = bytes[client.Send(bytes)..];
        }
        catch (Exception error) when (error is SocketException or ObjectDisposedException)
        {
            // The bytes are lost, as on a line whose other end was just pulled.
        }
    }
}
