using System.Runtime.InteropServices;
using Microsoft.Win32.SafeHandles;
using Ringmaster.Host.Files;

namespace Ringmaster.Host.Waiting;

/// <summary>
/// Something to wait for with nanosecond time-outs: an event that any thread may set (eventfd(2), ppoll(2)). A set event lets
/// one wait through and is clear again.
/// </summary>
public sealed unsafe partial class Alarm : SafeHandleMinusOneIsInvalid
{
    private const int CloseOnExec = 0x80000, NonBlocking = 0x800;
    private const short PollIn = 1;

    /// <summary>Creates an event that is not set.</summary>
    /// <exception cref="LinuxException">The host is out of descriptors.</exception>
    public Alarm() : base(ownsHandle: true)
    {
        var fd = EventFd(0, CloseOnExec | NonBlocking);
        if (fd < 0)
            throw LinuxException.FromLastCall("eventfd");
        SetHandle(fd);
    }

    /// <summary>The descriptor, for kernel interfaces that set it or wait for it.</summary>
    internal int Descriptor => (int)handle;

    /// <summary>Sets the event. On an alarm that has been disposed it does nothing: whoever wakes may come late.</summary>
    public void Set()
    {
        using var use = new HandleUse(this);
        if (!use.IsOpen)
            return;
        ulong one = 1;
        // SAFETY: eight bytes of a local. A write that fails because the counter is full means that the event is set.
        _ = Write((int)handle, &one, sizeof(ulong));
    }

    /// <summary>Waits until the event is set, and clears it.</summary>
    /// <param name="nanoseconds">How long at most; not positive for not at all, null for ever.</param>
    /// <returns>Whether the event was set.</returns>
    public bool Wait(long? nanoseconds)
    {
        var limit = Math.Max(0, nanoseconds.GetValueOrDefault());
        var poll = new PollDescriptor { Descriptor = (int)handle, Events = PollIn };
        var time = new TimeSpecification { Seconds = limit / 1_000_000_000, Nanoseconds = limit % 1_000_000_000 };
        // SAFETY: both structures are locals that outlive the call. An interrupted wait counts as a time-out; callers wait in loops.
        if (Ppoll(&poll, 1, nanoseconds is null ? null : &time, null) <= 0)
            return false;
        ulong count;
        _ = Read((int)handle, &count, sizeof(ulong));
        return true;
    }

    /// <inheritdoc/>
    protected override bool ReleaseHandle() => Close((int)handle) == 0;

    [LibraryImport("libc", EntryPoint = "eventfd", SetLastError = true)]
    private static partial int EventFd(uint initial, int flags);

    [LibraryImport("libc", EntryPoint = "ppoll", SetLastError = true)]
    private static partial int Ppoll(PollDescriptor* descriptors, nuint count, TimeSpecification* timeout, void* mask);

    [LibraryImport("libc", EntryPoint = "read", SetLastError = true)]
    private static partial nint Read(int fd, void* buffer, nuint count);

    [LibraryImport("libc", EntryPoint = "write", SetLastError = true)]
    private static partial nint Write(int fd, void* buffer, nuint count);

    [LibraryImport("libc", EntryPoint = "close", SetLastError = true)]
    private static partial int Close(int fd);

    [StructLayout(LayoutKind.Sequential)]
    private struct PollDescriptor
    {
        public int Descriptor;
        public short Events;
        public short Results;
    }

    [StructLayout(LayoutKind.Sequential)]
    private struct TimeSpecification
    {
        public long Seconds;
        public long Nanoseconds;
    }
}
