namespace Ringmaster.Memory;

/// <content>
/// The part of a dirty log. A clean page is watched like one that holds code: the first store to it is reported, and it is clean no
/// more. So a log costs engines nothing while it is off, and a page costs one slow store for each time that it is collected.
/// </content>
public sealed unsafe partial class CodeWatch
{
    private readonly Outsider _outsider = new();

    /// <summary>
    /// From now on every page of some ranges is clean; those that were not until now are told to somebody. No vCPU executes guest
    /// code meanwhile, so that none stores by a permission from before. Not from a vCPU's thread that is inside.
    /// </summary>
    /// <param name="ranges">The ranges.</param>
    /// <param name="wasDirty">Hears of each page that was not clean; null for nobody.</param>
    internal void MakeClean(IReadOnlyList<RamRange> ranges, Action<ulong>? wasDirty)
    {
        AloneOutside(_outsider, watchers =>
        {
            foreach (var range in ranges)
            {
                for (var page = range.Start.Page; page < range.End.Page; page++)
                {
                    // What is written meanwhile by a device is reported behind the write, so that it makes the page dirty again.
                    if ((_holders[page] & Clean) == 0 && (Interlocked.Or(ref _holders[page], Clean) & Clean) == 0)
                        wasDirty?.Invoke(page);
                }
            }
            foreach (var watcher in watchers)
                watcher.RequestProtectAll();
        });
    }

    /// <summary>Nobody wants to know any more which pages of some ranges are clean.</summary>
    internal void ForgetClean(IReadOnlyList<RamRange> ranges)
    {
        foreach (var range in ranges)
        {
            for (var page = range.Start.Page; page < range.End.Page; page++)
                Interlocked.And(ref _holders[page], ~Clean);
        }
    }

    /// <summary>A store to a page that is watched has been reported.</summary>
    /// <returns>Whether there is code from the page, too.</returns>
    private bool NoteDirty(ulong page)
    {
        ref var count = ref _holders[page];
        if ((Volatile.Read(ref count) & Clean) != 0)
            Interlocked.And(ref count, ~Clean);
        return Volatile.Read(ref count) != 0;
    }

    /// <summary>Who is alone while no vCPU is to execute guest code.</summary>
    private sealed class Outsider : CodeWatcher
    {
        protected internal override void ProtectNow(ulong page)
        {
        }

        protected internal override void ProtectAllNow()
        {
        }

        protected internal override void DropNow(GuestPhysicalAddress address, int length)
        {
        }

        protected internal override void Notify()
        {
        }
    }
}
