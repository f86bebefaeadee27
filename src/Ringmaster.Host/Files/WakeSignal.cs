using Microsoft.Win32.SafeHandles;

namespace Ringmaster.Host.Files;

/// <summary>Wakes a thread that waits for a file descriptor (eventfd(2)). Once signalled it stays so.</summary>
public sealed unsafe class WakeSignal : SafeHandleMinusOneIsInvalid
{
    /// <summary>Creates a signal that is not set.</summary>
    /// <exception cref="LinuxException">The host is out of descriptors.</exception>
    public WakeSignal() : base(ownsHandle: true)
    {
        var fd = FileNative.EventFd(0, FileNative.EventCloseOnExec | FileNative.EventNonBlocking);
        if (fd < 0)
            throw LinuxException.FromLastCall("eventfd");
        SetHandle(fd);
    }

    internal int Number => (int)handle;

    /// <summary>Ends all waits, present and future.</summary>
    public void Set()
    {
        ulong one = 1;
        // SAFETY: eight bytes of a local. The counter cannot overflow in a way that matters: a failed write means it is set.
        _ = FileNative.Write(Number, (byte*)&one, sizeof(ulong));
    }

    /// <inheritdoc/>
    protected override bool ReleaseHandle() => FileNative.Close((int)handle) == 0;
}
