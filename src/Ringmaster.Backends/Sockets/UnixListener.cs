using System.Net.Sockets;

namespace Ringmaster.Backends.Sockets;

/// <summary>Makes Unix sockets that listen.</summary>
internal static class UnixListener
{
    /// <summary>Creates the socket and listens. A stale socket file of the same name, on which nobody listens, is replaced.</summary>
    /// <exception cref="IOException">The path is in use, or the socket cannot be created there.</exception>
    internal static Socket Listen(string path, int backlog)
    {
        var socket = new Socket(AddressFamily.Unix, SocketType.Stream, ProtocolType.Unspecified);
        try
        {
            var address = new UnixDomainSocketEndPoint(path);
            if (File.Exists(path))
                RemoveStale(path, address);
            socket.Bind(address);
            socket.Listen(backlog);
            return socket;
        }
        catch (Exception error) when (error is SocketException or ArgumentException)
        {
            socket.Dispose();
            throw new IOException($"No socket can be made at {path}: {error.Message}", error);
        }
        catch
        {
            socket.Dispose();
            throw;
        }
    }

    private static void RemoveStale(string path, UnixDomainSocketEndPoint address)
    {
        using var probe = new Socket(AddressFamily.Unix, SocketType.Stream, ProtocolType.Unspecified);
        try
        {
            probe.Connect(address);
        }
        catch (SocketException error) when (error.SocketErrorCode == SocketError.ConnectionRefused && !IsRegularFile(path))
        {
            File.Delete(path);
            return;
        }
        catch (SocketException)
        {
            throw new IOException($"{path} exists and is not a socket.");
        }
        throw new IOException($"Another program already listens at {path}.");
    }

    private static bool IsRegularFile(string path) =>
        // A socket has none of the kinds that .NET tells apart; a plain file that holds bytes is surely no socket.
        (File.GetAttributes(path) & FileAttributes.Directory) != 0 || new FileInfo(path).Length > 0;
}
