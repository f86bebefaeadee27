using System.Collections.Concurrent;

namespace Ringmaster.Memory;

/// <summary>
/// A vCPU as <see cref="CodeWatch"/> sees it: something that executes guest code, holds copies of it, and stores to guest RAM.
/// </summary>
/// <remarks>
/// Its thread calls <see cref="Enter"/> before it executes guest code and <see cref="Leave"/> after; what other threads ask of
/// it is carried out by <see cref="CatchUp"/>, at the latest when it enters again.
/// </remarks>
public abstract class CodeWatcher
{
    private readonly ConcurrentQueue<CodeWatchRequest> _requests = new();
    private int _inside;
    private int _open;

    /// <summary>Whether requests of others wait to be carried out.</summary>
    public bool HasRequests => Volatile.Read(ref _open) != 0;

    /// <summary>The thread is about to execute guest code.</summary>
    public void Enter()
    {
        // A full fence: who asks for something either sees that this vCPU is inside and waits, or is seen here.
        Interlocked.Exchange(ref _inside, 1);
        CatchUp();
    }

    /// <summary>The thread executes no guest code any more, and stores nothing to guest RAM before it enters again.</summary>
    public void Leave() => Volatile.Write(ref _inside, 0);

    /// <summary>Carries out what others have asked for. On the vCPU's own thread, where it holds on to no cached code.</summary>
    public void CatchUp()
    {
        while (_requests.TryDequeue(out var request))
        {
            if (request.Kind == CodeWatchRequestKind.Protect)
                ProtectNow(request.Address.Page);
            else
                DropNow(request.Address, request.Length);
            // Only now: who waits for this must find it done.
            Interlocked.Decrement(ref _open);
        }
    }

    /// <summary>Gives up the permission to store directly to a page. On the vCPU's own thread.</summary>
    protected internal abstract void ProtectNow(ulong page);

    /// <summary>Drops code that came from some bytes of a page. On the vCPU's own thread.</summary>
    protected internal abstract void DropNow(GuestPhysicalAddress address, int length);

    /// <summary>Makes the vCPU's thread call <see cref="CatchUp"/> soon, if it executes guest code. From any thread.</summary>
    protected abstract void Notify();

    /// <summary>Asks this vCPU for something. From any thread.</summary>
    internal void Request(CodeWatchRequest request)
    {
        Interlocked.Increment(ref _open);
        _requests.Enqueue(request);
        Notify();
    }

    /// <summary>On this vCPU's thread: has all others give up a page, and waits until none can store to it any more.</summary>
    internal void ProtectElsewhere(ulong page, CodeWatcher[] all)
    {
        foreach (var other in all)
        {
            if (other != this)
                other.Request(new CodeWatchRequest(CodeWatchRequestKind.Protect, new GuestPhysicalAddress(page << 12), 1));
        }
        // Two vCPUs may wait for each other: neither stores anything meanwhile, so both count as outside.
        var wasInside = Interlocked.Exchange(ref _inside, 0) != 0;
        foreach (var other in all)
        {
            var wait = new SpinWait();
            while (other != this && other.MayStoreByOldPermission)
                wait.SpinOnce(sleep1Threshold: -1);
        }
        if (wasInside)
            Enter();
    }

    private bool MayStoreByOldPermission => Volatile.Read(ref _inside) != 0 && HasRequests;
}
