using System.Diagnostics;
using System.Net.Sockets;
using Microsoft.Extensions.Logging;
using Ringmaster.Devices.Display;

namespace Ringmaster.Backends.Display;

/// <summary>A client's connection, from its first byte to its last.</summary>
internal sealed class RfbSession : IDisposable
{
    private const int MostPasted = 1 << 20, ExtendedKey = 0, InputsAtOnce = 32;

    // Each key and movement takes the machine's lock. No hand makes more than 2000 a second.
    private static readonly TimeSpan s_inputPace = TimeSpan.FromMilliseconds(16);
    private static readonly TimeSpan s_longestHandshake = TimeSpan.FromSeconds(20);
    private static readonly TimeSpan s_longestSend = TimeSpan.FromSeconds(30);

    private readonly Socket _socket;
    private readonly NetworkStream _stream;
    private readonly RfbInput _input;
    private readonly RfbOutput _output;
    private readonly Func<IConsole> _console;
    private readonly RfbKeyboard _keyboard;
    private readonly RfbPointer _pointer;
    private readonly VncPassword? _password;
    private readonly ILogger _logger;
    private long _pacedFrom = Stopwatch.GetTimestamp();
    private int _inputs;

    /// <summary>Takes over a connection.</summary>
    /// <param name="socket">The connection.</param>
    /// <param name="console">The guest's console at the time.</param>
    /// <param name="password">What the client must know, or null.</param>
    /// <param name="logger">Takes what happens.</param>
    internal RfbSession(Socket socket, Func<IConsole> console, VncPassword? password, ILogger logger)
    {
        _socket = socket;
        socket.SendTimeout = (int)s_longestSend.TotalMilliseconds;
        if (socket.ProtocolType == ProtocolType.Tcp)
        {
            socket.NoDelay = true;
            socket.SetSocketOption(SocketOptionLevel.Socket, SocketOptionName.KeepAlive, true);
        }
        Peer = socket.RemoteEndPoint?.ToString() is { Length: > 0 } name ? name : "a local client";
        _stream = new NetworkStream(socket, ownsSocket: true);
        _input = new RfbInput(_stream);
        _output = new RfbOutput(_stream);
        _console = console;
        _keyboard = new RfbKeyboard(console);
        _pointer = new RfbPointer(console);
        _password = password;
        _logger = logger;
    }

    /// <summary>Who it is.</summary>
    internal string Peer { get; }

    /// <summary>Whether the client was let in.</summary>
    internal bool IsAccepted { get; private set; }

    /// <summary>Serves the client until it goes or is sent away. Throws nothing.</summary>
    /// <param name="serverName">What the client calls the screen.</param>
    /// <param name="accepted">Called when the client was let in, with whether it shares the screen with others.</param>
    internal void Run(string serverName, Action<RfbSession, bool> accepted)
    {
        try
        {
            Greet(serverName, accepted);
        }
        catch (RfbProtocolException error)
        {
            _logger.SentAway(Peer, error.Message);
        }
        catch (Exception error) when (error is IOException or SocketException or ObjectDisposedException)
        {
            _logger.Gone(Peer);
        }
        finally
        {
            Dispose();
        }
    }

    public void Dispose() => _stream.Dispose();

    private void Greet(string serverName, Action<RfbSession, bool> accepted)
    {
        var handshake = new RfbHandshake(_input, _output);
        bool isShared;
        // A client that says little by little what it could say at once is cut off all the same.
        using (new Timer(_ => Dispose(), null, s_longestHandshake, Timeout.InfiniteTimeSpan))
        {
            handshake.Authenticate(_password);
            isShared = handshake.ReadShared();
        }
        IsAccepted = true;
        accepted(this, isShared);
        _logger.Accepted(Peer);
        using var updater = new RfbUpdater(_console, _output);
        handshake.WriteServer(updater.Size, serverName);
        var thread = new Thread(() => Send(updater)) { IsBackground = true, Name = "vnc-out" };
        thread.Start();
        try
        {
            while (true)
                TakeMessage(updater);
        }
        finally
        {
            updater.Stop();
            // A send that hangs ends with the connection.
            Dispose();
            thread.Join();
            _keyboard.ReleaseAll();
            _pointer.ReleaseAll(updater.Size);
        }
    }

    private void Send(RfbUpdater updater)
    {
        try
        {
            updater.Run();
        }
        catch (Exception error) when (error is IOException or SocketException or ObjectDisposedException)
        {
            // The reading thread finds the connection closed.
            Dispose();
        }
    }

    private void TakeMessage(RfbUpdater updater)
    {
        switch (_input.ReadByte())
        {
            case 0:
                SetFormat(updater);
                break;
            case 2:
                _input.Skip(1);
                updater.SetEncodings(RfbEncodings.Read(_input, _input.ReadUInt16()));
                break;
            case 3:
                var isIncremental = _input.ReadByte() != 0;
                var (x, y) = (_input.ReadUInt16(), _input.ReadUInt16());
                updater.Request(new Rectangle(x, y, _input.ReadUInt16(), _input.ReadUInt16()), isIncremental);
                break;
            case 4:
                var isDown = _input.ReadByte() != 0;
                _input.Skip(2);
                _keyboard.PressSymbol(_input.ReadUInt32(), isDown);
                PaceInput();
                break;
            case 5:
                var mask = _input.ReadByte();
                var (across, down) = (_input.ReadUInt16(), _input.ReadUInt16());
                _pointer.Move(across, down, mask, updater.Size, updater.SendsMovements);
                PaceInput();
                break;
            case 6:
                SkipPasted();
                break;
            case 251:
                _input.Skip(5);
                var screens = _input.ReadByte();
                _input.Skip(1 + screens * 16);
                updater.RefuseResize();
                break;
            case 255:
                TakeExtended();
                break;
            case var type:
                throw new RfbProtocolException($"it sent a message of type {type}, which nobody offered to understand");
        }
    }

    private void SetFormat(RfbUpdater updater)
    {
        Span<byte> bytes = stackalloc byte[RfbPixelFormat.Size];
        _input.Skip(3);
        _input.Read(bytes);
        if (!RfbPixelFormat.TryRead(bytes, out var format, out var isMapped))
            throw new RfbProtocolException("it wants pixels that cannot be made");
        updater.SetFormat(format, isMapped);
    }

    /// <summary>Text that was copied elsewhere: a PC's keyboard has no place for it.</summary>
    private void SkipPasted()
    {
        _input.Skip(3);
        var length = _input.ReadUInt32();
        if (length > MostPasted)
            throw new RfbProtocolException($"it wants to paste {length} bytes");
        _input.Skip(length);
    }

    private void TakeExtended()
    {
        if (_input.ReadByte() != ExtendedKey)
            throw new RfbProtocolException("it sent an extended message that nobody offered to understand");
        var isDown = _input.ReadUInt16() != 0;
        var symbol = _input.ReadUInt32();
        _keyboard.PressCode(_input.ReadUInt32(), symbol, isDown);
        PaceInput();
    }

    private void PaceInput()
    {
        if (++_inputs % InputsAtOnce != 0)
            return;
        var early = s_inputPace - Stopwatch.GetElapsedTime(_pacedFrom);
        if (early > TimeSpan.Zero)
            Thread.Sleep(early);
        _pacedFrom = Stopwatch.GetTimestamp();
    }
}
