using System.Runtime.InteropServices;

namespace Ringmaster.Memory;

/// <summary>
/// Which guest-physical pages some engine holds decoded or translated code from, or are clean in a <see cref="DirtyLog"/>. Stores to
/// those pages do not take an engine's fast path, and whoever writes to one, vCPU or device, reports it here.
/// </summary>
/// <remarks>
/// A page's count goes up before its bytes are read, and <see cref="Acquire"/> returns only once no vCPU can store to the page
/// by a permission from before. A store is therefore either read, or reported. Lock order: none is held while waiting, but for
/// that of the vCPU that is alone.
/// </remarks>
public sealed unsafe partial class CodeWatch : IDisposable
{
    /// <summary>Part of a page's count while the first who acquires it still waits for others to give up storing to it.</summary>
    private const int Unsettled = int.MinValue;

    /// <summary>Part of a page's count while a dirty log is on and nobody has stored to the page since it was last collected.</summary>
    private const int Clean = 1 << 30;

    private readonly Lock _membership = new();
    private readonly Lock _soloists = new();
    private volatile CodeWatcher? _alone;
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

    /// <summary>
    /// Indexed by page number, up to <see cref="GuestMemory.PageCount"/>: not zero where stores are to be reported, because some cache
    /// holds code from the page or is about to, or because the page is clean.
    /// </summary>
    public ReadOnlySpan<int> Holders => new(_holders, (int)_pages);

    /// <summary>Whether stores to the page are to be reported.</summary>
    public bool Watches(ulong page) => page < (ulong)_pages && Volatile.Read(ref _holders[page]) != 0;

    /// <summary>Whether the machine has several vCPUs.</summary>
    public bool HasSeveralWatchers => Volatile.Read(ref _watchers).Length > 1;

    /// <summary>A vCPU begins to take part.</summary>
    public void Join(CodeWatcher watcher)
    {
        ArgumentNullException.ThrowIfNull(watcher);
        watcher.Join(this);
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
    /// their permission to store there directly; what others ask of this vCPU may be carried out meanwhile.
    /// </summary>
    /// <param name="watcher">The vCPU whose thread this is; it gives its own permission up at once.</param>
    /// <param name="page">The page. One beyond RAM and ROM never holds code.</param>
    public void Acquire(CodeWatcher watcher, ulong page)
    {
        ArgumentNullException.ThrowIfNull(watcher);
        if (page >= (ulong)_pages)
            return;
        ref var count = ref _holders[page];
        if (Increment(ref count) == 1)
        {
            watcher.ProtectNow(page);
            ProtectElsewhere(watcher, page);
            Interlocked.And(ref count, ~Unsettled);
        }
        else if (Volatile.Read(ref count) < 0)
        {
            watcher.Outside(() =>
            {
                var wait = new SpinWait();
                while (Volatile.Read(ref _holders[page]) < 0)
                    wait.SpinOnce(sleep1Threshold: -1);
            });
        }
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
            if (!Watches(page) || !NoteDirty(page))
                continue;
            var first = page == address.Page ? address.PageOffset : 0;
            var end = page == last ? (int)((address.Value + length - 1) & 0xFFF) + 1 : GuestPhysicalAddress.PageSize;
            Tell(writer, new GuestPhysicalAddress((page << 12) + (ulong)first), end - first);
        }
    }

    /// <summary>Reports that something other than a vCPU has written to RAM.</summary>
    public void DeviceWrote(GuestPhysicalAddress address, ulong length) => Wrote(null, address, length);

    /// <summary>
    /// Carries something out while no other vCPU executes guest code. For the few things that must seem to happen at once and
    /// that the host cannot do so; it takes as long as the slowest vCPU takes to come to the end of a block.
    /// </summary>
    /// <param name="watcher">The vCPU whose thread this is.</param>
    /// <param name="action">What to do; it may store to guest RAM.</param>
    public void Alone(CodeWatcher watcher, Action action)
    {
        ArgumentNullException.ThrowIfNull(watcher);
        watcher.Outside(() => AloneOutside(watcher, _ => action()));
    }

    /// <summary>As <see cref="Alone"/>, for who is outside.</summary>
    /// <param name="soloist">Who is alone.</param>
    /// <param name="action">What to do; is given those who are kept outside.</param>
    private void AloneOutside(CodeWatcher soloist, Action<CodeWatcher[]> action)
    {
        lock (_soloists)
        {
            _alone = soloist;
            Interlocked.MemoryBarrier();
            try
            {
                // Who joins from now on stays outside.
                var others = Others(soloist);
                WaitUntilOutside(others);
                action(others);
            }
            finally
            {
                _alone = null;
            }
        }
    }

    /// <summary>Whether a vCPU has to stay outside because another is alone, or waits to be.</summary>
    internal bool Excludes(CodeWatcher watcher) => _alone is { } alone && alone != watcher;

    /// <summary>Waits until a vCPU may go inside.</summary>
    internal void WaitUntilShared(CodeWatcher watcher)
    {
        var wait = new SpinWait();
        while (Excludes(watcher))
            wait.SpinOnce(sleep1Threshold: -1);
    }

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

    /// <summary>Counts one more holder of a page. The first also marks it as unsettled.</summary>
    /// <returns>How many there are now.</returns>
    private static int Increment(ref int count)
    {
        while (true)
        {
            var old = Volatile.Read(ref count);
            var holders = old & ~(Unsettled | Clean);
            if (Interlocked.CompareExchange(ref count, holders == 0 ? old + 1 | Unsettled : old + 1, old) == old)
                return holders + 1;
        }
    }

    /// <summary>Sees to it that vCPUs have stopped executing guest code. Something must keep them from entering again.</summary>
    private static void WaitUntilOutside(CodeWatcher[] watchers)
    {
        foreach (var watcher in watchers)
        {
            watcher.Notify();
            var wait = new SpinWait();
            while (watcher.IsInside)
                wait.SpinOnce(sleep1Threshold: -1);
        }
    }

    private CodeWatcher[] Others(CodeWatcher watcher) => Array.FindAll(Volatile.Read(ref _watchers), other => other != watcher);

    private void ProtectElsewhere(CodeWatcher watcher, ulong page)
    {
        var others = Others(watcher);
        if (others.Length == 0)
            return;
        var requests = Array.ConvertAll(others, other => other.Request(page, CodeWatchRequest.Protect));
        watcher.Outside(() =>
        {
            for (var i = 0; i < others.Length; i++)
            {
                var wait = new SpinWait();
                while (!others[i].HasServed(requests[i]))
                    wait.SpinOnce(sleep1Threshold: -1);
            }
        });
    }

    private void Tell(CodeWatcher? writer, GuestPhysicalAddress address, int length)
    {
        foreach (var watcher in Volatile.Read(ref _watchers))
        {
            if (watcher == writer)
                watcher.DropNow(address, length);
            else
                watcher.Request(address.Page, CodeWatchRequest.Drop(address.PageOffset, length));
        }
    }
}
