using Ringmaster.Devices.Dma;
using Ringmaster.Memory;

namespace Ringmaster.Devices.Storage.Nvme;

/// <summary>A queue of completions in guest memory (NVM Express 1.4 section 4.1).</summary>
/// <param name="start">The first entry.</param>
/// <param name="size">Entries.</param>
/// <param name="vector">The interrupt vector.</param>
/// <param name="interrupts">Whether entries interrupt.</param>
internal sealed class NvmeCompletionQueue(GuestPhysicalAddress start, int size, ushort vector, bool interrupts)
{
    private const int EntrySize = 16;

    private readonly Queue<NvmeCompletion> _waiting = [];
    private int _tail;
    private bool _phase = true;

    /// <summary>Entries.</summary>
    public int Size => size;

    /// <summary>The interrupt vector.</summary>
    public ushort Vector => vector;

    /// <summary>Whether entries interrupt.</summary>
    public bool Interrupts => interrupts;

    /// <summary>Where software has read to.</summary>
    public int Head { get; private set; }

    /// <summary>Whether there are entries that software has not taken.</summary>
    public bool HasEntries => Head != _tail;

    /// <summary>Whether another completion finds room at once.</summary>
    public bool HasRoom => _waiting.Count == 0 && !IsFull;

    /// <summary>Entries have been added for which no interrupt has been sent.</summary>
    public bool IsInterruptDue { get; set; }

    private bool IsFull => (_tail + 1) % size == Head;

    /// <summary>Appends a completion, to be stored when there is room.</summary>
    public void Add(NvmeCompletion completion) => _waiting.Enqueue(completion);

    /// <summary>Stores what there is room for.</summary>
    /// <returns>False if the queue is not in RAM.</returns>
    public bool TryStore(DmaSpace dma)
    {
        for (; !IsFull && _waiting.TryPeek(out var next); _waiting.Dequeue())
        {
            var entry = start + (ulong)(_tail * EntrySize);
            var last = next.Head | (ulong)next.Queue << 16 | (ulong)next.Command << 32 | (ulong)(next.Status | (_phase ? 1u : 0u)) << 48;
            // Software looks at the phase tag, so the half that holds it comes last.
            if (!dma.TryWrite(entry, (ulong)next.Result) || !dma.TryWrite(entry + 8, last))
                return false;
            _tail++;
            if (_tail == size)
                (_tail, _phase) = (0, !_phase);
            IsInterruptDue |= interrupts;
        }
        return true;
    }

    /// <summary>Software has taken entries.</summary>
    /// <param name="head">Where it has read to now.</param>
    /// <returns>False, with nothing done, if it cannot have.</returns>
    public bool TryTake(uint head)
    {
        if (head >= size || ((int)head - Head + size) % size > (_tail - Head + size) % size)
            return false;
        Head = (int)head;
        return true;
    }

    /// <summary>Takes the state.</summary>
    public NvmeCompletionQueueState Capture() => new(start.Value, size, vector, interrupts, Head, _tail, _phase, [.. _waiting]);

    /// <summary>Makes a queue of a captured state, bringing what is out of range into it.</summary>
    /// <param name="state">The state.</param>
    /// <param name="mostEntries">The most entries.</param>
    /// <param name="vectors">How many interrupt vectors there are.</param>
    public static NvmeCompletionQueue FromState(NvmeCompletionQueueState state, int mostEntries, int vectors)
    {
        var size = Math.Clamp(state.Size, 2, mostEntries);
        var page = state.Start & ~(ulong)(GuestPhysicalAddress.PageSize - 1);
        var queue = new NvmeCompletionQueue(new(page), size, (ushort)Math.Min(state.Vector, vectors - 1), state.Interrupts)
        {
            Head = Math.Clamp(state.Head, 0, size - 1),
            _tail = Math.Clamp(state.Tail, 0, size - 1),
            _phase = state.Phase,
        };
        foreach (var completion in state.Waiting)
            queue._waiting.Enqueue(completion with { Status = (ushort)(completion.Status & ~1) });
        return queue;
    }
}
