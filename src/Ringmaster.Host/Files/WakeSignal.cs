using Microsoft.Win32.SafeHandles;

namespace Ringmaster.Host.Files;

/// <summary>Wakes a thread that waits for a file descriptor (eventfd(2)). Once signalled it stays so until it is cleared.</summary>
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

    /// <summary>Ends all waits, present and future. Does nothing once it has been disposed.</summary>
    public void Set()
    {
        using var use = new HandleUse(this);
        if (!use.IsOpen)
            return;
        ulong one = 1;
        // SAFETY: eight bytes of a local. The counter cannot overflow in a way that matters: a failed write means it is set.
        _ = FileNative.Write(Number, (byte*)&one, sizeof(ulong));
    }

    /// <summary>Takes the signal back.</summary>
    public void Clear()
    {
        ulong count = 0;
        // SAFETY: eight bytes of a local. A read that fails finds the signal not set.
        _ = FileNative.Read(Number, (byte*)&count, sizeof(ulong));
    }

    /// <inheritdoc/>
    protected override bool ReleaseHandle() => FileNative.Close((int)handle) == 0;
}
