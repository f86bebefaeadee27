using System.Runtime.InteropServices;

namespace Ringmaster.Host.Files;

/// <summary>Linux calls on file descriptors: read(2), write(2), poll(2), eventfd(2).</summary>
internal static unsafe partial class FileNative
{
    internal const short PollIn = 0x001, PollOut = 0x004, PollError = 0x008, PollHangUp = 0x010;
    internal const int Interrupted = 4, TryAgain = 11;
    internal const int ReadOnly = 0, ReadWrite = 2, NonBlocking = 0x800, NoControllingTerminal = 0x100, CloseOnExec = 0x8_0000;
    internal const int EventCloseOnExec = 0x8_0000, EventNonBlocking = 0x800;

    [LibraryImport("libc", EntryPoint = "read", SetLastError = true)]
    internal static partial nint Read(int fd, byte* buffer, nuint count);

    [LibraryImport("libc", EntryPoint = "write", SetLastError = true)]
    internal static partial nint Write(int fd, byte* buffer, nuint count);

    [LibraryImport("libc", EntryPoint = "poll", SetLastError = true)]
    internal static partial int Poll(PollEntry* entries, nuint count, int timeoutMilliseconds);

    [LibraryImport("libc", EntryPoint = "eventfd", SetLastError = true)]
    internal static partial int EventFd(uint initial, int flags);

    [LibraryImport("libc", EntryPoint = "open", SetLastError = true, StringMarshalling = StringMarshalling.Utf8)]
    internal static partial int Open(string path, int flags);

    [LibraryImport("libc", EntryPoint = "close", SetLastError = true)]
    internal static partial int Close(int fd);

    /// <summary>struct pollfd.</summary>
    [StructLayout(LayoutKind.Sequential)]
    internal struct PollEntry
    {
        internal int Fd;
        internal short Wanted;
        internal short Happened;
    }
}
