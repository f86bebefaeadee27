using System.Runtime.InteropServices;
using Microsoft.Win32.SafeHandles;

namespace Ringmaster.Host.Files;

/// <summary>
/// An open file, terminal or pipe, read and written without the buffering of .NET's streams. Reads and writes may run on
/// different threads at the same time.
/// </summary>
public sealed unsafe class FileDescriptor : SafeHandleMinusOneIsInvalid
{
    /// <summary>Takes over an open descriptor.</summary>
    /// <param name="number">The descriptor.</param>
    /// <param name="owned">Whether disposing closes it.</param>
    public FileDescriptor(int number, bool owned) : base(owned) => SetHandle(number);

    /// <summary>Standard input, which is never closed.</summary>
    public static FileDescriptor StandardInput => new(0, owned: false);

    /// <summary>Standard output, which is never closed.</summary>
    public static FileDescriptor StandardOutput => new(1, owned: false);

    /// <summary>The descriptor's number.</summary>
    public int Number => (int)handle;

    /// <summary>Reads what is there, waiting for at least one byte.</summary>
    /// <returns>How many bytes; 0 at the end of the file.</returns>
    /// <exception cref="LinuxException">The host reports an error.</exception>
    public int Read(Span<byte> destination)
    {
        fixed (byte* buffer = destination)
        {
            while (true)
            {
                // SAFETY: the buffer is pinned and as long as the count says.
                var count = FileNative.Read(Number, buffer, (nuint)destination.Length);
                if (count >= 0)
                    return (int)count;
                if (Marshal.GetLastPInvokeError() is not (FileNative.Interrupted or FileNative.TryAgain))
                    throw LinuxException.FromLastCall($"read of descriptor {Number}");
                Wait(FileNative.PollIn, null, Timeout.Infinite);
            }
        }
    }

    /// <summary>Writes part of the bytes, waiting until at least one can go.</summary>
    /// <returns>How many bytes went out.</returns>
    /// <exception cref="LinuxException">The host reports an error, for example EPIPE when nobody reads any more.</exception>
    public int Write(ReadOnlySpan<byte> source)
    {
        fixed (byte* buffer = source)
        {
            while (true)
            {
                // SAFETY: as in Read.
                var count = FileNative.Write(Number, buffer, (nuint)source.Length);
                if (count >= 0)
                    return (int)count;
                if (Marshal.GetLastPInvokeError() is not (FileNative.Interrupted or FileNative.TryAgain))
                    throw LinuxException.FromLastCall($"write to descriptor {Number}");
                Wait(FileNative.PollOut, null, Timeout.Infinite);
            }
        }
    }

    /// <summary>Reads what is there without waiting. The descriptor must be a non-blocking one.</summary>
    /// <param name="destination">Where to.</param>
    /// <param name="count">How many bytes.</param>
    public Transfer TryRead(Span<byte> destination, out int count)
    {
        fixed (byte* buffer = destination)
        {
            nint result;
            do
            {
                // SAFETY: as in Read.
                result = FileNative.Read(Number, buffer, (nuint)destination.Length);
            }
            while (result < 0 && Marshal.GetLastPInvokeError() == FileNative.Interrupted);
            count = (int)Math.Max(result, 0);
            return result > 0 ? Transfer.Done
                : result < 0 && Marshal.GetLastPInvokeError() == FileNative.TryAgain ? Transfer.Busy : Transfer.Broken;
        }
    }

    /// <summary>Waits until a read would not block, or until another thread signals.</summary>
    /// <param name="wake">Ends the wait early when signalled.</param>
    /// <returns>False if the wait ended because of <paramref name="wake"/>.</returns>
    public bool WaitReadable(WakeSignal wake) => Wait(FileNative.PollIn, wake, Timeout.Infinite);

    /// <summary>Waits until a write would not block, or until another thread signals.</summary>
    /// <param name="wake">Ends the wait early when signalled.</param>
    /// <returns>False if the wait ended because of <paramref name="wake"/>.</returns>
    public bool WaitWritable(WakeSignal wake) => Wait(FileNative.PollOut, wake, Timeout.Infinite);

    /// <inheritdoc/>
    protected override bool ReleaseHandle() => FileNative.Close((int)handle) == 0;

    private bool Wait(short wanted, WakeSignal? wake, int timeoutMilliseconds)
    {
        var entries = stackalloc FileNative.PollEntry[2];
        entries[0] = new() { Fd = Number, Wanted = wanted };
        entries[1] = new() { Fd = wake?.Number ?? -1, Wanted = FileNative.PollIn };
        while (true)
        {
            // SAFETY: both entries are on the stack; a negative descriptor is ignored (poll(2)).
            if (FileNative.Poll(entries, 2, timeoutMilliseconds) >= 0)
                return entries[1].Happened == 0;
            if (Marshal.GetLastPInvokeError() != FileNative.Interrupted)
                throw LinuxException.FromLastCall($"poll of descriptor {Number}");
        }
    }
}
