using System.Runtime.InteropServices;

namespace Ringmaster.Memory;

/// <summary>
/// Which guest-physical pages some engine holds decoded or translated code from. Stores to those pages do not take an engine's
/// fast path, and whoever writes to one, vCPU or device, reports it here.
/// </summary>
/// <remarks>
/// A page's count goes up before its bytes are read, and <see cref="Acquire"/> returns only once no vCPU can store to the page
/// by a permission from before. A store is therefore either read, or reported. Lock order: none is held while waiting.
/// </remarks>
public sealed unsafe class CodeWatch : IDisposable
{
    private readonly Lock _membership = new();
    private long _pages;
    private int* _holders;
    private CodeWatcher[] _watchers = [];

    internal CodeWatch(long pages)
    {
        _pages = pages;
        _holders = (int*)NativeMemory.AllocZeroed((nuint)pages, sizeof(int));
    }

    /// <summary>Something other than a vCPU has written to RAM: where, and how many bytes. Raised on the writing thread.</summary>
    public event Action<GuestPhysicalAddress, ulong>? DeviceHasWritten;

    /// <summary>How many caches hold code from each page, indexed by page number, up to <see cref="GuestMemory.PageCount"/>.</summary>
    public ReadOnlySpan<int> Holders => new(_holders, (int)_pages);

    /// <summary>Whether some engine holds code from the page.</summary>
    public bool HasCode(ulong page) => page < (ulong)_pages && Volatile.Read(ref _holders[page]) != 0;

    /// <summary>A vCPU begins to take part.</summary>
    public void Join(CodeWatcher watcher)
    {
        lock (_membership)
            Volatile.Write(ref _watchers, [.. _watchers, watcher]);
    }

    /// <summary>A vCPU takes part no longer.</summary>
    public void Part(CodeWatcher watcher)
    {
        lock (_membership)
            Volatile.Write(ref _watchers, [.. _watchers.Where(w => w != watcher)]);
    }

    /// <summary>
    /// A cache is about to read code from a page: from now on every store to it is reported. Waits for other vCPUs to give up
    /// their permission to store there directly.
    /// </summary>
    /// <param name="watcher">The vCPU whose thread this is; it gives its own permission up at once.</param>
    /// <param name="page">The page. One beyond RAM and ROM never holds code.</param>
    public void Acquire(CodeWatcher watcher, ulong page)
    {
        ArgumentNullException.ThrowIfNull(watcher);
        if (page >= (ulong)_pages || Interlocked.Increment(ref _holders[page]) != 1)
            return;
        watcher.ProtectNow(page);
        var others = Volatile.Read(ref _watchers);
        if (others.Length > 1)
            watcher.ProtectElsewhere(page, others);
    }

    /// <summary>A cache that has acquired a page holds no code from it any more.</summary>
    public void Release(ulong page)
    {
        if (page < (ulong)_pages)
            Interlocked.Decrement(ref _holders[page]);
    }

    /// <summary>Reports that RAM has been written to. Those who hold code from there drop it: the writer now, others soon.</summary>
    /// <param name="writer">The vCPU whose thread this is, or null for a device or a loader.</param>
    /// <param name="address">The first byte.</param>
    /// <param name="length">Bytes.</param>
    public void Wrote(CodeWatcher? writer, GuestPhysicalAddress address, ulong length)
    {
        if (length == 0)
            return;
        if (writer is null)
            DeviceHasWritten?.Invoke(address, length);
        // The bytes must be visible before the counts are read: an engine counts a page first and reads it then.
        Interlocked.MemoryBarrier();
        var last = (address + (length - 1)).Page;
        for (var page = address.Page; page <= last; page++)
        {
            if (!HasCode(page))
                continue;
            var first = page == address.Page ? address.PageOffset : 0;
            var end = page == last ? (int)((address.Value + length - 1) & 0xFFF) + 1 : GuestPhysicalAddress.PageSize;
            Tell(writer, new GuestPhysicalAddress((page << 12) + (ulong)first), end - first);
        }
    }

    /// <summary>Reports that something other than a vCPU has written to RAM.</summary>
    public void DeviceWrote(GuestPhysicalAddress address, ulong length) => Wrote(null, address, length);

    /// <inheritdoc/>
    public void Dispose()
    {
        _pages = 0;
        NativeMemory.Free(_holders);
        _holders = null;
        GC.SuppressFinalize(this);
    }

    /// <summary>Frees the counts of a watch that was never disposed.</summary>
    ~CodeWatch() => NativeMemory.Free(_holders);

    private void Tell(CodeWatcher? writer, GuestPhysicalAddress address, int length)
    {
        foreach (var watcher in Volatile.Read(ref _watchers))
        {
            if (watcher == writer)
                watcher.DropNow(address, length);
            else
                watcher.Request(new CodeWatchRequest(CodeWatchRequestKind.Drop, address, length));
        }
    }
}
