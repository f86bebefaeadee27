using System.Runtime.InteropServices;

namespace Ringmaster.Host.Terminals;

/// <summary>Linux terminal calls: termios(3), pty(7), ioctl_tty(2).</summary>
internal static unsafe partial class TerminalNative
{
    internal const int ApplyNow = 0;
    internal const nuint GetWindowSize = 0x5413, SetWindowSize = 0x5414;

    [LibraryImport("libc", EntryPoint = "isatty")]
    internal static partial int IsTerminal(int fd);

    [LibraryImport("libc", EntryPoint = "tcgetattr", SetLastError = true)]
    internal static partial int GetAttributes(int fd, out TerminalAttributes attributes);

    [LibraryImport("libc", EntryPoint = "tcsetattr", SetLastError = true)]
    internal static partial int SetAttributes(int fd, int when, in TerminalAttributes attributes);

    [LibraryImport("libc", EntryPoint = "ioctl", SetLastError = true)]
    internal static partial int WindowSizeCall(int fd, nuint request, WindowSize* size);

    [LibraryImport("libc", EntryPoint = "posix_openpt", SetLastError = true)]
    internal static partial int OpenPseudoTerminal(int flags);

    [LibraryImport("libc", EntryPoint = "grantpt", SetLastError = true)]
    internal static partial int Grant(int fd);

    [LibraryImport("libc", EntryPoint = "unlockpt", SetLastError = true)]
    internal static partial int Unlock(int fd);

    [LibraryImport("libc", EntryPoint = "ptsname_r", SetLastError = true)]
    internal static partial int OtherSideName(int fd, byte* buffer, nuint length);

    /// <summary>struct winsize.</summary>
    [StructLayout(LayoutKind.Sequential)]
    internal struct WindowSize
    {
        internal ushort Rows, Columns, WidthPixels, HeightPixels;
    }
}
