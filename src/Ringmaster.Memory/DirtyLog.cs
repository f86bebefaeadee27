namespace Ringmaster.Memory;

/// <summary>
/// Which pages of a guest's RAM have been written to, by vCPUs of any engine or by devices: what copying a running guest, or showing
/// what has changed, needs to know.
/// </summary>
/// <remarks>
/// A page is told of if it was written to since it was told of the last time, and no other is. Who reads a page after it was told of
/// reads at least what was written until then; what is written later makes it be told of again. Of a write by a device that is under
/// way, that is so when it is complete. From any thread, but for those of vCPUs that execute guest code. Memory that devices show is not RAM.
/// </remarks>
public sealed class DirtyLog
{
    private readonly GuestMemory _memory;
    private readonly Lock _lock = new();
    private IDirtySource[] _sources = [];

    internal DirtyLog(GuestMemory memory) => _memory = memory;

    /// <summary>Whether writes are noted.</summary>
    public bool IsOn { get; private set; }

    /// <summary>An engine's vCPUs begin to store to the memory by themselves.</summary>
    public void Join(IDirtySource source)
    {
        ArgumentNullException.ThrowIfNull(source);
        lock (_lock)
        {
            if (IsOn)
                source.Start();
            _sources = [.. _sources, source];
        }
    }

    /// <summary>They do so no longer. What they have not told of yet is lost.</summary>
    public void Part(IDirtySource source)
    {
        lock (_lock)
            _sources = [.. _sources.Where(other => other != source)];
    }

    /// <summary>Begins to note writes. No page has been written to yet.</summary>
    /// <exception cref="InvalidOperationException">Somebody else uses the log.</exception>
    public void Start()
    {
        lock (_lock)
        {
            if (IsOn)
                throw new InvalidOperationException("The dirty log is in use already.");
            _memory.Watch.MakeClean(_memory.Ranges, wasDirty: null);
            Array.ForEach(_sources, source => source.Start());
            IsOn = true;
        }
    }

    /// <summary>Tells of the pages that have been written to since the start, or the last call.</summary>
    /// <param name="pages">Receives them, beside those that are there.</param>
    /// <exception cref="InvalidOperationException">The log is off.</exception>
    public void Collect(DirtyPages pages)
    {
        ArgumentNullException.ThrowIfNull(pages);
        lock (_lock)
        {
            if (!IsOn)
                throw new InvalidOperationException("The dirty log is off.");
            _memory.Watch.MakeClean(_memory.Ranges, page => pages.Add(new GuestPhysicalAddress(page * GuestPhysicalAddress.PageSize)));
            Array.ForEach(_sources, source => source.Collect(pages));
        }
    }

    /// <summary>Notes nothing any more. Nothing happens if the log is off.</summary>
    public void Stop()
    {
        lock (_lock)
        {
            if (!IsOn)
                return;
            IsOn = false;
            _memory.Watch.ForgetClean(_memory.Ranges);
            Array.ForEach(_sources, source => source.Stop());
        }
    }
}
