using System.Net;
using System.Net.Sockets;
using Microsoft.Extensions.Logging;
using Ringmaster.Backends.Sockets;
using Ringmaster.Devices.Display;

namespace Ringmaster.Backends.Display;

/// <summary>
/// Shows a machine's screen to VNC clients and takes their keys and pointers: the Remote Framebuffer Protocol 3.8 (RFC 6143), with
/// extensions of the community's version (rfbproto). Each client has a thread that reads and one that writes; none of them ever
/// makes the machine wait for the network.
/// </summary>
public sealed class VncServer : IDisplayBackend, IDisposable
{
    /// <summary>The port of display 0.</summary>
    public const int FirstPort = 5900;

    private const int MostClients = 8, Backlog = 16;
    private static readonly TimeSpan s_afterFailedAccept = TimeSpan.FromMilliseconds(100);
    private static readonly TimeSpan s_longestStop = TimeSpan.FromSeconds(1);

    private readonly Socket _listener;
    private readonly VncPassword? _password;
    private readonly ILogger _logger;
    private readonly string _name;
    private readonly string? _path;
    private readonly Thread _acceptor;
    private readonly List<RfbSession> _sessions = [];
    private readonly List<Thread> _threads = [];
    private volatile IConsole _console = new DarkConsole();
    private volatile bool _stopped;

    /// <summary>Listens. Clients that come before a machine is connected see a dark screen.</summary>
    /// <param name="address">An address and a port, or the path of a Unix socket.</param>
    /// <param name="password">What clients must know; null lets everybody in who reaches the address.</param>
    /// <param name="logger">Takes what happens.</param>
    /// <param name="name">What clients call the screen.</param>
    /// <exception cref="IOException">The address cannot be used; the message says why.</exception>
    /// <exception cref="ArgumentException">The address is not of this host only, and there is no password.</exception>
    public VncServer(EndPoint address, VncPassword? password, ILogger logger, string name = "Ringmaster")
    {
        ArgumentNullException.ThrowIfNull(address);
        ArgumentNullException.ThrowIfNull(logger);
        ArgumentNullException.ThrowIfNull(name);
        if (NeedsPassword(address) && password is null)
            throw new ArgumentException($"Everybody who reaches {address} could use the machine. Give a password.", nameof(password));
        _path = (address as UnixDomainSocketEndPoint)?.ToString();
        _listener = _path is not null ? UnixListener.Listen(_path, Backlog) : Listen(address);
        _password = password;
        _logger = logger;
        _name = name;
        _acceptor = new Thread(Accept) { IsBackground = true, Name = "vnc-accept" };
        _acceptor.Start();
    }

    /// <summary>Where it listens, with the port that it got if port 0 was asked for.</summary>
    public EndPoint Address => _listener.LocalEndPoint!;

    /// <summary>Whether others than this host's users reach an address.</summary>
    public static bool NeedsPassword(EndPoint address) => address is IPEndPoint ip && !IPAddress.IsLoopback(ip.Address);

    /// <inheritdoc/>
    public void Connect(IConsole? console) => _console = console ?? new DarkConsole();

    /// <summary>Sends all clients away.</summary>
    public void Dispose()
    {
        List<Thread> threads;
        lock (_sessions)
        {
            _stopped = true;
            foreach (var session in _sessions)
                session.Dispose();
            threads = [.. _threads];
        }
        _listener.Dispose();
        foreach (var thread in threads.Append(_acceptor))
            thread.Join(s_longestStop);
        if (_path is not null)
            File.Delete(_path);
    }

    private static Socket Listen(EndPoint address)
    {
        var socket = new Socket(address.AddressFamily, SocketType.Stream, ProtocolType.Tcp);
        try
        {
            socket.Bind(address);
            socket.Listen(Backlog);
            return socket;
        }
        catch (SocketException error)
        {
            socket.Dispose();
            throw new IOException($"No socket can be made at {address}: {error.Message}", error);
        }
    }

    private void Accept()
    {
        while (!_stopped)
        {
            try
            {
                Start(_listener.Accept());
            }
            catch (Exception error) when (error is SocketException or ObjectDisposedException)
            {
                // Either this object is being disposed, or the host is short of descriptors for a while.
                if (!_stopped)
                    Thread.Sleep(s_afterFailedAccept);
            }
        }
    }

    private void Start(Socket socket)
    {
        RfbSession session;
        try
        {
            session = new RfbSession(socket, () => _console, _password, _logger);
        }
        catch (Exception error) when (error is SocketException or IOException)
        {
            // The client has gone before it said a word.
            socket.Dispose();
            return;
        }
        lock (_sessions)
        {
            if (_stopped || !MakeRoom())
            {
                session.Dispose();
                return;
            }
            var thread = new Thread(() => Serve(session)) { IsBackground = true, Name = "vnc-in" };
            _sessions.Add(session);
            _threads.Add(thread);
            thread.Start();
        }
    }

    /// <summary>Those who were not let in yet must not keep others out: the oldest of them has to go.</summary>
    private bool MakeRoom()
    {
        if (_sessions.Count < MostClients)
            return true;
        if (_sessions.Find(session => !session.IsAccepted) is not { } waiting)
            return false;
        _logger.SentAway(waiting.Peer, "there are too many clients");
        waiting.Dispose();
        _sessions.Remove(waiting);
        return true;
    }

    private void Serve(RfbSession session)
    {
        session.Run(_name, EndOthers);
        lock (_sessions)
        {
            _sessions.Remove(session);
            _threads.Remove(Thread.CurrentThread);
        }
    }

    /// <summary>A client that does not share the screen has it for itself (RFC 6143, 7.3.1).</summary>
    private void EndOthers(RfbSession newcomer, bool isShared)
    {
        if (isShared)
            return;
        lock (_sessions)
        {
            foreach (var other in _sessions)
            {
                if (other == newcomer || !other.IsAccepted)
                    continue;
                _logger.SentAway(other.Peer, "another client wants the screen for itself");
                other.Dispose();
            }
        }
    }
}
