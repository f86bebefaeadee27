using System.Runtime.InteropServices;

namespace Ringmaster.Host.Files;

/// <summary>
/// Keeps a descriptor open while it is used by a thread that does not own it. Without this, the owner's closing it meanwhile would
/// let the call go to whatever the host gave the number to next.
/// </summary>
internal readonly ref struct HandleUse
{
    private readonly SafeHandle _handle;

    /// <summary>Takes hold of a descriptor, if it has not been closed.</summary>
    internal HandleUse(SafeHandle handle)
    {
        _handle = handle;
        // Asked first, since the usual case of a late caller is worth no exception.
        if (handle.IsClosed)
            return;
        try
        {
            var isHeld = false;
            handle.DangerousAddRef(ref isHeld);
            IsOpen = isHeld;
        }
        catch (ObjectDisposedException)
        {
            // Its owner was quicker.
        }
    }

    /// <summary>Whether the descriptor may be used until this is disposed.</summary>
    internal bool IsOpen { get; }

    /// <summary>Lets go of it.</summary>
    public void Dispose()
    {
        if (IsOpen)
            _handle.DangerousRelease();
    }
}
