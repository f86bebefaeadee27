using System.Runtime.InteropServices;

namespace Ringmaster.Memory;

/// <summary>
/// One flag per guest-physical page: does an engine hold decoded or translated code from it? Engines consult the flag
/// before they let stores to a page take the fast path; devices report their writes here, and engines subscribe to hear
/// of those that hit code.
/// </summary>
public sealed unsafe class CodeWatch : IDisposable
{
    private long _pages;
    private byte* _flags;

    internal CodeWatch(long pages)
    {
        _pages = pages;
        _flags = (byte*)NativeMemory.AllocZeroed((nuint)pages);
    }

    /// <summary>A device wrote to a page that holds code. Raised on the writing thread; the argument is the page number.</summary>
    public event Action<ulong>? CodePageWritten;

    /// <summary>The flags, one byte a page, for an engine's fast path. Nonzero means that the page holds code.</summary>
    public byte* Flags => _flags;

    /// <summary>Whether some engine holds code from the page.</summary>
    public bool HasCode(ulong page) => page < (ulong)_pages && Volatile.Read(ref _flags[page]) != 0;

    /// <summary>Marks a page as holding code, or as no longer holding any.</summary>
    public void Mark(ulong page, bool hasCode)
    {
        if (page < (ulong)_pages)
            Volatile.Write(ref _flags[page], hasCode ? (byte)1 : (byte)0);
    }

    /// <summary>Reports that something other than a vCPU has written to RAM.</summary>
    public void DeviceWrote(GuestPhysicalAddress address, ulong length)
    {
        if (length == 0)
            return;
        // The bytes must be visible before the flags are read: an engine marks a page first and reads it then.
        Interlocked.MemoryBarrier();
        var last = (address + (length - 1)).Page;
        for (var page = address.Page; page <= last; page++)
        {
            if (HasCode(page))
                CodePageWritten?.Invoke(page);
        }
    }

    /// <inheritdoc/>
    public void Dispose()
    {
        _pages = 0;
        NativeMemory.Free(_flags);
        _flags = null;
        GC.SuppressFinalize(this);
    }

    /// <summary>Frees the flags of a watch that was never disposed.</summary>
    ~CodeWatch() => NativeMemory.Free(_flags);
}
