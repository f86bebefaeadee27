using System.Runtime.InteropServices;

namespace Ringmaster.Host;

/// <summary>A Linux system call failed. The message names the call, what it was for, and the reason.</summary>
public sealed class LinuxException : IOException
{
    private LinuxException(string message, int errno) : base(message) => Errno = errno;

    /// <summary>The value of errno as the call left it.</summary>
    public int Errno { get; }

    /// <summary>Makes the exception for the call that has just failed on this thread.</summary>
    /// <param name="call">The system call's name, and what it was for: <c>"mmap of 512 MiB guest RAM"</c>.</param>
    public static LinuxException FromLastCall(string call)
    {
        var errno = Marshal.GetLastPInvokeError();
        return new LinuxException($"{call} failed: {Marshal.GetPInvokeErrorMessage(errno)}", errno);
    }
}
