using System.Runtime.InteropServices;

namespace Ringmaster.Host.Network;

/// <summary>Linux calls on sockets: socket(2), socketpair(2), bind(2), connect(2), sendmsg(2), recv(2).</summary>
internal static unsafe partial class SocketNative
{
    internal const int Unix = 1, Stream = 1, Datagram = 2, CloseOnExec = 0x8_0000;
    internal const int DontWait = 0x40, NoSignal = 0x4000, TruncatedLength = 0x20;
    internal const int LongestPath = 108;
    internal const int NoSuchFile = 2, Refused = 111, NoBuffers = 105, MessageTooLong = 90;

    [LibraryImport("libc", EntryPoint = "socket", SetLastError = true)]
    internal static partial int Open(int domain, int type, int protocol);

    [LibraryImport("libc", EntryPoint = "socketpair", SetLastError = true)]
    internal static partial int OpenPair(int domain, int type, int protocol, int* pair);

    [LibraryImport("libc", EntryPoint = "bind", SetLastError = true)]
    internal static partial int Bind(int fd, UnixAddress* address, uint length);

    [LibraryImport("libc", EntryPoint = "connect", SetLastError = true)]
    internal static partial int Connect(int fd, UnixAddress* address, uint length);

    [LibraryImport("libc", EntryPoint = "sendmsg", SetLastError = true)]
    internal static partial nint Send(int fd, MessageHeader* message, int flags);

    [LibraryImport("libc", EntryPoint = "recv", SetLastError = true)]
    internal static partial nint Receive(int fd, byte* buffer, nuint length, int flags);

    /// <summary>struct sockaddr_un.</summary>
    [StructLayout(LayoutKind.Sequential)]
    internal struct UnixAddress
    {
        internal ushort Family;
        internal fixed byte Path[LongestPath];
    }

    /// <summary>struct iovec.</summary>
    [StructLayout(LayoutKind.Sequential)]
    internal struct Piece
    {
        internal byte* Start;
        internal nuint Length;
    }

    /// <summary>struct msghdr of 64-bit hosts.</summary>
    [StructLayout(LayoutKind.Sequential)]
    internal struct MessageHeader
    {
        internal void* Name;
        internal uint NameLength;
        internal Piece* Pieces;
        internal nuint PieceCount;
        internal void* Control;
        internal nuint ControlLength;
        internal int Flags;
    }
}
