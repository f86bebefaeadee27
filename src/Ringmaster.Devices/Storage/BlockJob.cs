using Ringmaster.Devices.Dma;

namespace Ringmaster.Devices.Storage;

/// <summary>What one command of a guest makes of a disk: requests, one after the other.</summary>
/// <param name="tag">Tells the device which command it is.</param>
/// <param name="steps">The requests; at least one.</param>
/// <param name="memory">What is read to or written from, in the order of the steps; null if nothing is.</param>
/// <param name="compares">Whether what is read is compared with memory instead of being stored there.</param>
internal sealed class BlockJob(ulong tag, IReadOnlyList<BlockStep> steps, ScatterList? memory = null, bool compares = false)
{
    private int _done;
    private ulong _moved;

    /// <summary>Tells the device which command it is.</summary>
    public ulong Tag => tag;

    /// <summary>The step that is under way.</summary>
    public BlockStep Current => steps[_done];

    /// <summary>Ranges of memory that it holds.</summary>
    public int Ranges => memory?.Count ?? 0;

    /// <summary>A comparison has found a difference, and the job has ended.</summary>
    public bool Differs { get; private set; }

    /// <summary>Where <see cref="Current"/> reads to if memory gets something else than that.</summary>
    private byte[]? Aside { get; set; }

    /// <summary>The buffers of the current step.</summary>
    /// <returns>Null if any byte is not RAM.</returns>
    public IReadOnlyList<Memory<byte>>? Map(DmaSpace dma)
    {
        if (Current.Operation is not (BlockOperation.Read or BlockOperation.Write))
            return [];
        if (!compares && Current.Fields is null)
            return memory?.Map(dma, _moved, Current.Length);
        if (memory is not null && memory.Map(dma, 0, memory.Length) is null)
            return null;
        Aside = new byte[Current.Length];
        return [Aside];
    }

    /// <summary>The current step has been done.</summary>
    /// <returns>Whether there is another; false also if what was read differs.</returns>
    public bool MoveOn(DmaSpace dma)
    {
        if (Aside is { } read)
            TakeFrom(dma, read);
        else if (Current.Operation == BlockOperation.Read)
            memory?.NoteWritten(dma, _moved, Current.Length);
        if (Differs || _done + 1 == steps.Count)
            return false;
        _moved += Current.Moved;
        _done++;
        return true;
    }

    /// <summary>Takes the state: what is left to do.</summary>
    public BlockJobState Capture() => new(tag, [.. steps.Skip(_done)], memory?.Capture() ?? [], _moved, compares);

    /// <summary>Makes a job of a captured state.</summary>
    /// <param name="state">The state.</param>
    /// <param name="dma">Where its memory must be.</param>
    /// <param name="mostSteps">The most steps of a job.</param>
    /// <param name="mostBytes">The most bytes that a job moves.</param>
    /// <returns>Null if the state is none of a job.</returns>
    public static BlockJob? FromState(BlockJobState state, DmaSpace dma, int mostSteps, ulong mostBytes)
    {
        if (state.Steps.Length == 0 || state.Steps.Length > mostSteps || !Array.TrueForAll(state.Steps, step => step.IsValid))
            return null;
        if (ScatterList.FromState(state.Memory) is not { } memory || memory.Length > mostBytes || state.Moved > memory.Length)
            return null;
        var left = memory.Length - state.Moved;
        foreach (var step in state.Steps.Where(step => step.Moves))
        {
            if (step.Moved > left)
                return null;
            left -= step.Moved;
        }
        var isRam = memory.Map(dma, 0, memory.Length) is not null;
        return left == 0 && isRam ? new BlockJob(state.Tag, state.Steps, memory, state.Compares) { _moved = state.Moved } : null;
    }

    private void TakeFrom(DmaSpace dma, byte[] read)
    {
        Aside = null;
        var moved = new byte[Current.Moved];
        if (compares)
        {
            Differs = memory?.TryRead(dma, _moved, moved) != true || !moved.AsSpan().SequenceEqual(read);
            return;
        }
        Current.Shape(read, moved);
        // Memory never ceases to be RAM while a job has it.
        memory?.TryWrite(dma, _moved, moved);
    }
}
