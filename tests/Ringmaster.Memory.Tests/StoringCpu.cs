namespace Ringmaster.Memory.Tests;

/// <summary>
/// A vCPU whose code and data are one number a page: it stores to pages, directly where it has the permission, and keeps copies
/// of others. It notes copies that are older than a store which it must have heard of.
/// </summary>
internal sealed unsafe class StoringCpu(GuestMemory memory, long[] completed, int seed) : CodeWatcher
{
    private readonly Random _random = new(seed);
    private readonly bool[] _mayStore = new bool[completed.Length];
    private readonly long?[] _copies = new long?[completed.Length];

    public List<string> Stale { get; } = [];

    public long DirectStores { get; private set; }

    public long ReportedStores { get; private set; }

    public long Reads { get; private set; }

    public void Run(TimeSpan duration)
    {
        var end = DateTime.UtcNow + duration;
        while (DateTime.UtcNow < end)
        {
            Enter();
            for (var i = 0; i < 50; i++)
            {
                Step(_random.Next(completed.Length));
                CatchUp();
            }
            Leave();
        }
        for (var page = 0; page < completed.Length; page++)
            Forget(page);
    }

    public override string ToString() => $"{DirectStores} direct stores, {ReportedStores} reported, {Reads} reads";

    protected internal override void ProtectNow(ulong page) => _mayStore[page] = false;

    protected internal override void ProtectAllNow() => Array.Clear(_mayStore);

    protected internal override void DropNow(GuestPhysicalAddress address, int length) => Forget((int)address.Page);

    protected internal override void Notify()
    {
    }

    private void Step(int page)
    {
        switch (_random.Next(10))
        {
            case < 4:
                Forget(page);
                break;
            case 4:
                Read(page);
                break;
            default:
                Store(page);
                break;
        }
    }

    private void Store(int page)
    {
        // As a TLB is filled: once, and then believed.
        _mayStore[page] |= !memory.Watch.Watches((ulong)page);
        var value = Interlocked.Increment(ref Number(page));
        if (_mayStore[page])
        {
            DirectStores++;
        }
        else
        {
            ReportedStores++;
            memory.Watch.Wrote(this, new((ulong)page << 12), sizeof(long));
        }
        Publish(ref completed[page], value);
    }

    private void Read(int page)
    {
        if (_copies[page] is null)
        {
            memory.Watch.Acquire(this, (ulong)page);
            Interlocked.MemoryBarrier();
            _copies[page] = Volatile.Read(ref Number(page));
            Reads++;
        }
        // Whoever has gone on from a store has made this vCPU hear of it.
        var known = Volatile.Read(ref completed[page]);
        CatchUp();
        if (_copies[page] is { } copy && copy < known)
            Stale.Add($"page {page}: {copy} instead of {known}");
    }

    private void Forget(int page)
    {
        if (_copies[page] is not null)
            memory.Watch.Release((ulong)page);
        _copies[page] = null;
    }

    private ref long Number(int page) => ref *(long*)(memory.HostBase + page * GuestPhysicalAddress.PageSize);

    private static void Publish(ref long place, long value)
    {
        long old;
        while ((old = Volatile.Read(ref place)) < value && Interlocked.CompareExchange(ref place, value, old) != old)
        {
        }
    }
}
