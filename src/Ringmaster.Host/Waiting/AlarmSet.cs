using System.Runtime.InteropServices;
using Microsoft.Win32.SafeHandles;

namespace Ringmaster.Host.Waiting;

/// <summary>Many alarms that one thread waits for (epoll(7)). Alarms may come and go while it does.</summary>
public sealed unsafe partial class AlarmSet : SafeHandleMinusOneIsInvalid
{
    private const int CloseOnExec = 0x80000, Add = 1, Delete = 2, MostAtOnce = 64;
    private const uint Readable = 1;

    /// <summary>Creates an empty set.</summary>
    /// <exception cref="LinuxException">The host is out of descriptors.</exception>
    public AlarmSet() : base(ownsHandle: true)
    {
        var fd = EpollCreate(CloseOnExec);
        if (fd < 0)
            throw LinuxException.FromLastCall("epoll_create1");
        SetHandle(fd);
    }

    /// <summary>Adds an alarm.</summary>
    /// <param name="alarm">The alarm; it has to be removed before it is disposed.</param>
    /// <param name="number">What <see cref="Wait"/> calls it.</param>
    /// <exception cref="LinuxException">The host refused.</exception>
    public void Include(Alarm alarm, long number)
    {
        ArgumentNullException.ThrowIfNull(alarm);
        var wanted = new Event { Events = Readable, Number = number };
        // SAFETY: the structure is a local that outlives the call.
        if (EpollControl((int)handle, Add, alarm.Descriptor, &wanted) != 0)
            throw LinuxException.FromLastCall("epoll_ctl");
    }

    /// <summary>Removes an alarm.</summary>
    public void Exclude(Alarm alarm)
    {
        ArgumentNullException.ThrowIfNull(alarm);
        _ = EpollControl((int)handle, Delete, alarm.Descriptor, null);
    }

    /// <summary>Waits until some are set. They stay set: who is told has to wait for each, which lets it through at once.</summary>
    /// <returns>The numbers of alarms that are set; they may have been removed since. Empty after a signal.</returns>
    public IReadOnlyList<long> Wait()
    {
        var events = stackalloc Event[MostAtOnce];
        // SAFETY: there is room for as many events as are asked for.
        var count = EpollWait((int)handle, events, MostAtOnce, -1);
        var numbers = new long[Math.Max(0, count)];
        for (var i = 0; i < numbers.Length; i++)
            numbers[i] = events[i].Number;
        return numbers;
    }

    /// <inheritdoc/>
    protected override bool ReleaseHandle() => Close((int)handle) == 0;

    [LibraryImport("libc", EntryPoint = "epoll_create1", SetLastError = true)]
    private static partial int EpollCreate(int flags);

    [LibraryImport("libc", EntryPoint = "epoll_ctl", SetLastError = true)]
    private static partial int EpollControl(int set, int operation, int descriptor, Event* wanted);

    [LibraryImport("libc", EntryPoint = "epoll_wait", SetLastError = true)]
    private static partial int EpollWait(int set, Event* events, int most, int timeout);

    [LibraryImport("libc", EntryPoint = "close", SetLastError = true)]
    private static partial int Close(int fd);

    /// <summary>struct epoll_event, which has no padding on this architecture.</summary>
    [StructLayout(LayoutKind.Sequential, Pack = 4)]
    private struct Event
    {
        public uint Events;
        public long Number;
    }
}
