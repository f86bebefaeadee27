using Ringmaster.Memory;

namespace Ringmaster.Devices.Dma;

/// <summary>Guest memory that a transfer goes to or comes from, in ranges that lie anywhere. Ranges that touch become one.</summary>
public sealed class ScatterList
{
    private readonly List<(GuestPhysicalAddress Start, ulong Length)> _ranges = [];

    /// <summary>Bytes of all ranges.</summary>
    public ulong Length { get; private set; }

    /// <summary>How many ranges there are.</summary>
    public int Count => _ranges.Count;

    /// <summary>Appends a range, RAM or not.</summary>
    public void Add(GuestPhysicalAddress start, ulong length)
    {
        if (length == 0)
            return;
        Length = checked(Length + length);
        if (_ranges.Count != 0 && _ranges[^1] is var last && last.Start.Value + last.Length == start.Value)
            _ranges[^1] = (last.Start, last.Length + length);
        else
            _ranges.Add((start, length));
    }

    /// <summary>Makes a part of it accessible in place.</summary>
    /// <returns>The pieces, in order; null if any byte is not RAM, or there are not so many bytes.</returns>
    public IReadOnlyList<Memory<byte>>? Map(DmaSpace dma, ulong offset, ulong length)
    {
        ArgumentNullException.ThrowIfNull(dma);
        if (offset > Length || length > Length - offset)
            return null;
        var pieces = new List<Memory<byte>>(_ranges.Count);
        foreach (var (start, size) in Part(offset, length))
        {
            if (!dma.TryMap(start, size, pieces) && !TryMapByPage(dma, start, size, pieces))
                return null;
        }
        return pieces;
    }

    /// <summary>Copies from the memory.</summary>
    /// <returns>False if any byte is neither RAM nor ROM, or there are not so many; what was copied until then stays.</returns>
    public bool TryRead(DmaSpace dma, ulong offset, Span<byte> destination)
    {
        ArgumentNullException.ThrowIfNull(dma);
        if (offset > Length || (ulong)destination.Length > Length - offset)
            return false;
        foreach (var (start, size) in Part(offset, (ulong)destination.Length))
        {
            if (!dma.TryRead(start, destination[..(int)size]))
                return false;
            destination = destination[(int)size..];
        }
        return true;
    }

    /// <summary>Copies into the memory.</summary>
    /// <returns>False if any byte is not RAM, or there are not so many; what was copied until then stays.</returns>
    public bool TryWrite(DmaSpace dma, ulong offset, ReadOnlySpan<byte> source)
    {
        ArgumentNullException.ThrowIfNull(dma);
        if (offset > Length || (ulong)source.Length > Length - offset)
            return false;
        foreach (var (start, size) in Part(offset, (ulong)source.Length))
        {
            if (!dma.TryWrite(start, source[..(int)size]))
                return false;
            source = source[(int)size..];
        }
        return true;
    }

    /// <summary>A part has been written through what <see cref="Map"/> gave.</summary>
    public void NoteWritten(DmaSpace dma, ulong offset, ulong length)
    {
        ArgumentNullException.ThrowIfNull(dma);
        foreach (var (start, size) in Part(offset, length))
            dma.NoteWritten(start, size);
    }

    /// <summary>Takes the state: start and length of each range.</summary>
    public ulong[] Capture() => [.. _ranges.SelectMany(range => new[] { range.Start.Value, range.Length })];

    /// <summary>Makes a list of a captured state.</summary>
    /// <returns>Null if the state is none.</returns>
    public static ScatterList? FromState(ulong[] state)
    {
        ArgumentNullException.ThrowIfNull(state);
        if (state.Length % 2 != 0)
            return null;
        var list = new ScatterList();
        for (var i = 0; i < state.Length; i += 2)
        {
            if (state[i + 1] > ulong.MaxValue - list.Length)
                return null;
            list.Add(new GuestPhysicalAddress(state[i]), state[i + 1]);
        }
        return list;
    }

    /// <summary>Memory that touches may still be RAM of two ranges; a page never is.</summary>
    private static bool TryMapByPage(DmaSpace dma, GuestPhysicalAddress start, ulong length, List<Memory<byte>> pieces)
    {
        for (ulong done = 0; done < length;)
        {
            var address = start + done;
            var size = Math.Min(length - done, (ulong)(GuestPhysicalAddress.PageSize - address.PageOffset));
            if (!dma.TryMap(address, size, pieces))
                return false;
            done += size;
        }
        return true;
    }

    private IEnumerable<(GuestPhysicalAddress Start, ulong Length)> Part(ulong offset, ulong length)
    {
        foreach (var (start, size) in _ranges)
        {
            if (length == 0)
                yield break;
            if (offset >= size)
            {
                offset -= size;
                continue;
            }
            var part = Math.Min(size - offset, length);
            yield return (start + offset, part);
            length -= part;
            offset = 0;
        }
    }
}
