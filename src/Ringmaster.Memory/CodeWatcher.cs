using System.Runtime.InteropServices;

namespace Ringmaster.Memory;

/// <summary>
/// A vCPU as <see cref="CodeWatch"/> sees it: something that executes guest code, holds copies of it, and stores to guest RAM.
/// </summary>
/// <remarks>
/// Its thread calls <see cref="Enter"/> before it executes guest code and <see cref="Leave"/> after; what other threads ask of
/// it is carried out by <see cref="CatchUp"/>, at the latest when it enters again. Requests for one page come together, so that
/// those to a vCPU that sleeps for long stay few.
/// </remarks>
public abstract class CodeWatcher
{
    private readonly Lock _requestsLock = new();
    private Dictionary<ulong, CodeWatchRequest> _requests = [], _taken = [];
    private bool _protectsAll;
    private long _asked, _served;
    private int _inside;
    private CodeWatch? _watch;

    /// <summary>Whether requests of others wait to be carried out.</summary>
    public bool HasRequests => Volatile.Read(ref _served) != Volatile.Read(ref _asked);

    /// <summary>The thread executes guest code, and may store to guest RAM by permissions that it has.</summary>
    internal bool IsInside => Volatile.Read(ref _inside) != 0;

    /// <summary>The thread is about to execute guest code. Waits while another vCPU wants to be alone.</summary>
    public void Enter()
    {
        while (true)
        {
            // A full fence: who asks for something either sees that this vCPU is inside and waits, or is seen here.
            Interlocked.Exchange(ref _inside, 1);
            if (_watch is null || !_watch.Excludes(this))
                break;
            Leave();
            _watch.WaitUntilShared(this);
        }
        Serve();
    }

    /// <summary>The thread executes no guest code any more, and stores nothing to guest RAM before it enters again.</summary>
    public void Leave() => Volatile.Write(ref _inside, 0);

    /// <summary>
    /// Carries out what others have asked for, and stays out of the way of one that wants to be alone. On the vCPU's own thread,
    /// inside, where it holds on to no cached code.
    /// </summary>
    public void CatchUp()
    {
        if (_watch is not null && _watch.Excludes(this))
            Outside(() => { });
        Serve();
    }

    /// <summary>Gives up the permission to store directly to a page. On the vCPU's own thread.</summary>
    protected internal abstract void ProtectNow(ulong page);

    /// <summary>Gives up all permissions to store directly. On the vCPU's own thread.</summary>
    protected internal abstract void ProtectAllNow();

    /// <summary>Drops code that came from some bytes of a page. On the vCPU's own thread.</summary>
    protected internal abstract void DropNow(GuestPhysicalAddress address, int length);

    /// <summary>Makes the vCPU's thread call <see cref="CatchUp"/> soon, if it executes guest code. From any thread.</summary>
    protected internal abstract void Notify();

    /// <summary>The vCPU takes part in a watch from now on.</summary>
    internal void Join(CodeWatch watch) => _watch = watch;

    /// <summary>Asks this vCPU for something. From any thread.</summary>
    /// <returns>A number for <see cref="HasServed"/>.</returns>
    internal long Request(ulong page, CodeWatchRequest request)
    {
        long number;
        lock (_requestsLock)
        {
            ref var open = ref CollectionsMarshal.GetValueRefOrAddDefault(_requests, page, out var exists);
            open = exists ? open.And(request) : request;
            number = _asked + 1;
            Volatile.Write(ref _asked, number);
        }
        Notify();
        return number;
    }

    /// <summary>Asks this vCPU to give up all permissions to store directly. From any thread.</summary>
    internal void RequestProtectAll()
    {
        lock (_requestsLock)
        {
            _protectsAll = true;
            Volatile.Write(ref _asked, _asked + 1);
        }
        Notify();
    }

    /// <summary>Whether a request can be relied on: it has been carried out, or will be before the vCPU does anything else.</summary>
    internal bool HasServed(long number) => !IsInside || Volatile.Read(ref _served) >= number;

    /// <summary>
    /// On this vCPU's thread: waits for others, or does something without them. It counts as outside meanwhile, so that two that
    /// wait for each other both go on; nothing that it knew about code or permissions needs to hold afterwards.
    /// </summary>
    internal void Outside(Action action)
    {
        var wasInside = Interlocked.Exchange(ref _inside, 0) != 0;
        action();
        if (wasInside)
            Enter();
    }

    private void Serve()
    {
        while (HasRequests)
        {
            long asked;
            bool protectsAll;
            lock (_requestsLock)
            {
                (_requests, _taken) = (_taken, _requests);
                (protectsAll, _protectsAll) = (_protectsAll, false);
                asked = _asked;
            }
            if (protectsAll)
                ProtectAllNow();
            foreach (var (page, request) in _taken)
            {
                if (request.Protects)
                    ProtectNow(page);
                if (request.Drops)
                    DropNow(request.AddressIn(page), request.Length);
            }
            _taken.Clear();
            // Only now: who waits for this must find it done.
            Volatile.Write(ref _served, asked);
        }
    }
}
