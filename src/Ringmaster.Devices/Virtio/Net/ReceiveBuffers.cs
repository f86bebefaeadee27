using Ringmaster.Devices.Virtio.Rings;

namespace Ringmaster.Devices.Virtio.Net;

/// <summary>A driver's buffers for reception, of one queue. Those that a frame did not fit into are kept for the next.</summary>
internal sealed class ReceiveBuffers
{
    private readonly List<DescriptorChain> _held = [];
    private UsedChain[] _used = new UsedChain[16];
    private int _count;

    /// <summary>Whether a frame was refused, so that whoever has it waits for buffers.</summary>
    public bool IsStarved { get; set; }

    public void Reset()
    {
        _held.Clear();
        IsStarved = false;
    }

    /// <summary>Takes the buffers back that were held when the state was saved.</summary>
    public void Retake(VirtQueue queue)
    {
        _held.Clear();
        _held.AddRange(queue.Retake());
    }

    /// <summary>Looks for room for a frame, which <see cref="TryFill"/> may then use.</summary>
    /// <param name="queue">The queue.</param>
    /// <param name="headerLength">Bytes of the header.</param>
    /// <param name="needed">Bytes of header and frame.</param>
    /// <param name="mayMerge">Whether several buffers may be used.</param>
    public GatherResult Gather(VirtQueue queue, int headerLength, int needed, bool mayMerge)
    {
        ulong room = 0;
        for (_count = 0; room < (ulong)needed; _count++)
        {
            if (_count > 0 && !mayMerge)
                return GatherResult.TooLarge;
            if (_count == _held.Count && !TryTake(queue))
                return queue.IsEnabled ? Starve(queue) : GatherResult.Broken;
            var length = _held[_count].Writable.Length;
            // The first has room for a header, and any may be the first (section 5.1.6.3.1).
            if (length < (ulong)headerLength)
                return GatherResult.Broken;
            room += length;
        }
        return GatherResult.Ready;
    }

    /// <summary>Writes a frame into the buffers that were found, and gives them back.</summary>
    /// <returns>False if they are not all RAM.</returns>
    public bool TryFill(VirtQueue queue, Span<byte> header, ReadOnlySpan<byte> frame)
    {
        NetHeader.WriteBuffers(header, _count);
        if (_used.Length < _count)
            Array.Resize(ref _used, _count);
        for (var i = 0; i < _count; i++)
        {
            var (buffer, skip) = (_held[i].Writable, i == 0 ? header.Length : 0);
            var part = (int)Math.Min(buffer.Length - (ulong)skip, (ulong)frame.Length);
            if ((i == 0 && !buffer.TryWrite(0, header)) || !buffer.TryWrite((ulong)skip, frame[..part]))
                return false;
            frame = frame[part..];
            _used[i] = new UsedChain(_held[i], (uint)(skip + part));
        }
        _held.RemoveRange(0, _count);
        queue.Return(_used.AsSpan(0, _count));
        Array.Clear(_used, 0, _count);
        return true;
    }

    private bool TryTake(VirtQueue queue)
    {
        do
        {
            if (queue.Take() is not { } chain)
                continue;
            _held.Add(chain);
            return true;
        }
        while (queue.AskForNotification(true));
        return false;
    }

    private GatherResult Starve(VirtQueue queue)
    {
        // A driver that waits for frames before it adds buffers would wait for ever if most of its ring were held back here. Half of
        // the ring are all buffers of a driver that uses two descriptors for each.
        if (_held.Count > 0 && queue.InFlight >= (queue.Size + 1) / 2)
            return GatherResult.TooLarge;
        IsStarved = true;
        return GatherResult.Starved;
    }
}
