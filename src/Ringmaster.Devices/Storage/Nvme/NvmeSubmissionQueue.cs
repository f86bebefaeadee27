using Ringmaster.Devices.Dma;
using Ringmaster.Memory;

namespace Ringmaster.Devices.Storage.Nvme;

/// <summary>A queue of commands in guest memory (NVM Express 1.4 section 4.1).</summary>
/// <param name="start">The first entry.</param>
/// <param name="size">Entries.</param>
/// <param name="completionQueue">Where completions go.</param>
internal sealed class NvmeSubmissionQueue(GuestPhysicalAddress start, int size, ushort completionQueue)
{
    private int _tail;

    /// <summary>Where completions go.</summary>
    public ushort CompletionQueue => completionQueue;

    /// <summary>Where the controller has read to.</summary>
    public int Head { get; private set; }

    /// <summary>Whether there are commands to be fetched.</summary>
    public bool HasEntries => Head != _tail;

    /// <summary>Software has appended commands.</summary>
    /// <param name="tail">Where it has written to now.</param>
    /// <returns>False, with nothing done, if it cannot have.</returns>
    public bool TryAdd(uint tail)
    {
        if (tail >= size || ((int)tail - _tail + size) % size > size - 1 - (_tail - Head + size) % size)
            return false;
        _tail = (int)tail;
        return true;
    }

    /// <summary>Fetches the next command; there is one.</summary>
    /// <returns>False if the queue is not in RAM.</returns>
    public bool TryFetch(DmaSpace dma, out NvmeCommand command)
    {
        Span<byte> entry = stackalloc byte[NvmeCommand.Size];
        command = default;
        if (!dma.TryRead(start + (ulong)(Head * NvmeCommand.Size), entry))
            return false;
        command = new NvmeCommand(entry);
        Head = (Head + 1) % size;
        return true;
    }

    /// <summary>Takes the state.</summary>
    public NvmeSubmissionQueueState Capture() => new(start.Value, size, completionQueue, Head, _tail);

    /// <summary>Makes a queue of a captured state, bringing what is out of range into it.</summary>
    /// <param name="state">The state.</param>
    /// <param name="mostEntries">The most entries.</param>
    public static NvmeSubmissionQueue FromState(NvmeSubmissionQueueState state, int mostEntries)
    {
        var size = Math.Clamp(state.Size, 2, mostEntries);
        var page = state.Start & ~(ulong)(GuestPhysicalAddress.PageSize - 1);
        return new NvmeSubmissionQueue(new(page), size, state.CompletionQueue)
        {
            Head = Math.Clamp(state.Head, 0, size - 1),
            _tail = Math.Clamp(state.Tail, 0, size - 1),
        };
    }
}
