using System.Runtime.InteropServices;
using System.Text;
using Microsoft.Win32.SafeHandles;
using Ringmaster.Host.Files;

namespace Ringmaster.Host.Network;

/// <summary>A Unix socket (unix(7)) that is never waited for inside a read or write.</summary>
public sealed unsafe class LocalSocket : SafeHandleMinusOneIsInvalid
{
    private readonly bool _isStream;

    private LocalSocket(int number, bool isStream) : base(ownsHandle: true)
    {
        _isStream = isStream;
        SetHandle(number);
    }

    /// <summary>Longest path of a socket, in bytes of UTF-8.</summary>
    public static int LongestPath => SocketNative.LongestPath - 1;

    /// <summary>Makes two connected stream sockets.</summary>
    /// <exception cref="LinuxException">The host is out of descriptors.</exception>
    public static (LocalSocket One, LocalSocket Other) CreateStreamPair()
    {
        var pair = stackalloc int[2];
        // SAFETY: the call writes two descriptors.
        if (SocketNative.OpenPair(SocketNative.Unix, SocketNative.Stream | SocketNative.CloseOnExec, 0, pair) != 0)
            throw LinuxException.FromLastCall("socketpair");
        return (new(pair[0], isStream: true), new(pair[1], isStream: true));
    }

    /// <summary>Makes a datagram socket that others reach by a path, which must not exist yet.</summary>
    /// <exception cref="LinuxException">The socket cannot be made there.</exception>
    public static LocalSocket BindDatagram(string path)
    {
        var socket = OpenDatagram();
        var address = Address(path);
        // SAFETY: the address is a local of the size given.
        if (SocketNative.Bind((int)socket.handle, &address, (uint)sizeof(SocketNative.UnixAddress)) == 0)
            return socket;
        var error = LinuxException.FromLastCall($"bind of a socket to {path}");
        socket.Dispose();
        throw error;
    }

    /// <summary>Makes a datagram socket that sends to the one at a path.</summary>
    /// <returns>Null if nobody listens there.</returns>
    /// <exception cref="LinuxException">The socket cannot be reached for another reason.</exception>
    public static LocalSocket? TryConnectDatagram(string path)
    {
        var socket = OpenDatagram();
        var address = Address(path);
        // SAFETY: as in BindDatagram.
        if (SocketNative.Connect((int)socket.handle, &address, (uint)sizeof(SocketNative.UnixAddress)) == 0)
            return socket;
        var error = LinuxException.FromLastCall($"connect to the socket {path}");
        socket.Dispose();
        return error.Errno is SocketNative.Refused or SocketNative.NoSuchFile ? null : throw error;
    }

    /// <summary>Sends two spans of bytes, one behind the other: on a datagram socket as one datagram, on a stream as far as they go.</summary>
    /// <param name="first">The start; may be empty.</param>
    /// <param name="second">The rest; may be empty.</param>
    /// <param name="count">How many bytes of both went out.</param>
    public Transfer TrySend(ReadOnlySpan<byte> first, ReadOnlySpan<byte> second, out int count)
    {
        fixed (byte* start = first, rest = second)
        {
            var pieces = stackalloc SocketNative.Piece[2];
            pieces[0] = new() { Start = start, Length = (nuint)first.Length };
            pieces[1] = new() { Start = rest, Length = (nuint)second.Length };
            var message = new SocketNative.MessageHeader { Pieces = pieces, PieceCount = 2 };
            nint result;
            do
            {
                // SAFETY: both spans are pinned and as long as their pieces say.
                result = SocketNative.Send((int)handle, &message, SocketNative.DontWait | SocketNative.NoSignal);
            }
            while (result < 0 && Marshal.GetLastPInvokeError() == FileNative.Interrupted);
            return Outcome(result, out count);
        }
    }

    /// <summary>Receives what is there. Of a datagram that is longer than the buffer, the rest is lost.</summary>
    /// <param name="destination">Where to.</param>
    /// <param name="count">How many bytes; on a datagram socket the whole datagram's length, also where it did not fit.</param>
    public Transfer TryReceive(Span<byte> destination, out int count)
    {
        fixed (byte* buffer = destination)
        {
            // On a stream, the flag would throw the bytes away (unix(7), tcp(7)).
            var flags = SocketNative.DontWait | (_isStream ? 0 : SocketNative.TruncatedLength);
            nint result;
            do
            {
                // SAFETY: the buffer is pinned and as long as the call is told.
                result = SocketNative.Receive((int)handle, buffer, (nuint)destination.Length, flags);
            }
            while (result < 0 && Marshal.GetLastPInvokeError() == FileNative.Interrupted);
            var outcome = Outcome(result, out count);
            return _isStream && outcome == Transfer.Done && count == 0 ? Transfer.Broken : outcome;
        }
    }

    /// <inheritdoc/>
    protected override bool ReleaseHandle() => FileNative.Close((int)handle) == 0;

    private static Transfer Outcome(nint result, out int count)
    {
        count = (int)Math.Max(result, 0);
        if (result >= 0)
            return Transfer.Done;
        return Marshal.GetLastPInvokeError() is FileNative.TryAgain or SocketNative.NoBuffers ? Transfer.Busy : Transfer.Broken;
    }

    private static LocalSocket OpenDatagram()
    {
        var number = SocketNative.Open(SocketNative.Unix, SocketNative.Datagram | SocketNative.CloseOnExec, 0);
        return number < 0 ? throw LinuxException.FromLastCall("socket") : new(number, isStream: false);
    }

    private static SocketNative.UnixAddress Address(string path)
    {
        var address = new SocketNative.UnixAddress { Family = SocketNative.Unix };
        // The last byte stays zero. SAFETY: the span covers the array in the local.
        var room = new Span<byte>(address.Path, LongestPath);
        if (!Encoding.UTF8.TryGetBytes(path, room, out _))
            throw new ArgumentException($"{path} is longer than the {LongestPath} bytes that a socket's path may have.", nameof(path));
        return address;
    }
}
