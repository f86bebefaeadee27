using Ringmaster.Devices.Dma;
using Ringmaster.Devices.State;
using Ringmaster.Devices.Storage.Cd;

namespace Ringmaster.Devices.Storage;

/// <summary>The jobs that a disk works on for one device.</summary>
/// <param name="disk">Gives the disk, which is the same while there are jobs.</param>
/// <param name="dma">The guest's memory.</param>
/// <param name="ended">Receives each job with its end; not those that were cancelled.</param>
internal sealed class BlockJobs(Func<IBlockBackend> disk, DmaSpace dma, Action<BlockJob, BlockStatus> ended)
{
    /// <summary>The most steps of a job: 256 ranges of a discard, and a flush.</summary>
    public const int MostSteps = 257;

    /// <summary>The most bytes that a job moves: 65536 whole blocks of a CD.</summary>
    public const ulong MostBytes = 65_536 * CdSector.FullLength;

    private readonly Dictionary<ulong, BlockJob> _running = [];
    private ulong _next;

    /// <summary>How many jobs have not ended.</summary>
    public int Count => _running.Count;

    /// <summary>Ranges of memory that all jobs hold together: what bounds the host's memory that they take.</summary>
    public int Ranges { get; private set; }

    /// <summary>Starts a job.</summary>
    /// <returns>False, with nothing done, if memory that it reads to or writes from is not RAM.</returns>
    public bool TryStart(BlockJob job)
    {
        if (job.Map(dma) is not { } buffers)
            return false;
        var ticket = _next++;
        _running.Add(ticket, job);
        Ranges += job.Ranges;
        Submit(ticket, job, buffers);
        return true;
    }

    /// <summary>Whether a job that has not ended is one of those meant.</summary>
    public bool Any(Func<BlockJob, bool> which) => _running.Values.Any(which);

    /// <summary>Waits until no memory is touched any more. The jobs go on.</summary>
    public void Drain()
    {
        if (_running.Count != 0)
            disk().Drain();
    }

    /// <summary>Gives up jobs; no memory is touched for them any more. What they write may have been written or not.</summary>
    /// <param name="which">Those meant.</param>
    /// <returns>The jobs, in the order in which they were started.</returns>
    public IReadOnlyList<BlockJob> Cancel(Func<BlockJob, bool> which)
    {
        var cancelled = _running.Where(entry => which(entry.Value)).OrderBy(entry => entry.Key).ToList();
        if (cancelled.Count == 0)
            return [];
        disk().Drain();
        foreach (var (ticket, job) in cancelled)
            Remove(ticket, job);
        return [.. cancelled.Select(entry => entry.Value)];
    }

    /// <summary>Takes the state.</summary>
    public BlockJobState[] Capture() => [.. _running.OrderBy(entry => entry.Key).Select(entry => entry.Value.Capture())];

    /// <summary>Makes jobs of a captured state, to be started when the rest of the state has been taken on.</summary>
    /// <param name="state">The state.</param>
    /// <param name="most">The most that the device has at once.</param>
    /// <param name="name">The device's name, for the message.</param>
    /// <exception cref="SavedStateException">The state is none.</exception>
    public IReadOnlyList<BlockJob> Check(BlockJobState[] state, int most, string name)
    {
        if (state.Length > most)
            throw new SavedStateException($"{name}: the saved state has more than {most} requests in flight.");
        return
        [
            .. state.Select(each => (each is null ? null : BlockJob.FromState(each, dma, MostSteps, MostBytes))
                ?? throw new SavedStateException($"{name}: the saved state has a request in flight that does not fit the disk or the memory.")),
        ];
    }

    private void Submit(ulong ticket, BlockJob job, IReadOnlyList<Memory<byte>> buffers)
    {
        var step = job.Current;
        disk().Submit(new BlockRequest(step.Operation, step.Offset, step.Length, status => Completed(ticket, status))
        {
            Buffers = buffers,
            MayUnmap = step.MayUnmap,
        });
    }

    private void Completed(ulong ticket, BlockStatus status)
    {
        if (!_running.TryGetValue(ticket, out var job))
            return;
        if (status == BlockStatus.Done && job.MoveOn(dma))
        {
            // Memory never ceases to be RAM while a job has it, and the whole of it was looked at.
            if (job.Map(dma) is { } buffers)
            {
                Submit(ticket, job, buffers);
                return;
            }
            status = BlockStatus.Failed;
        }
        Remove(ticket, job);
        ended(job, status);
    }

    private void Remove(ulong ticket, BlockJob job)
    {
        _running.Remove(ticket);
        Ranges -= job.Ranges;
    }
}
