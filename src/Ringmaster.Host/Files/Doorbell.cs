using Microsoft.Win32.SafeHandles;

namespace Ringmaster.Host.Files;

/// <summary>Wakes a thread that waits with a <see cref="PollSet"/>, as often as it likes (eventfd(2)).</summary>
public sealed unsafe class Doorbell : SafeHandleMinusOneIsInvalid
{
    /// <summary>Creates a bell that has not been rung.</summary>
    /// <exception cref="LinuxException">The host is out of descriptors.</exception>
    public Doorbell() : base(ownsHandle: true)
    {
        var fd = FileNative.EventFd(0, FileNative.EventCloseOnExec | FileNative.EventNonBlocking);
        if (fd < 0)
            throw LinuxException.FromLastCall("eventfd");
        SetHandle(fd);
    }

    /// <summary>Makes the bell readable until it is cleared. Does nothing once it has been disposed.</summary>
    public void Ring()
    {
        if (IsClosed)
            return;
        ulong one = 1;
        // SAFETY: eight bytes of a local. A write that fails because the counter is full finds the bell rung.
        _ = FileNative.Write((int)handle, (byte*)&one, sizeof(ulong));
    }

    /// <summary>Takes back all rings so far.</summary>
    public void Clear()
    {
        ulong count = 0;
        // SAFETY: eight bytes of a local. A read that fails finds the bell not rung.
        _ = FileNative.Read((int)handle, (byte*)&count, sizeof(ulong));
    }

    /// <inheritdoc/>
    protected override bool ReleaseHandle() => FileNative.Close((int)handle) == 0;
}
