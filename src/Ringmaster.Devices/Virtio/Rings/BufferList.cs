using Ringmaster.Devices.Dma;

namespace Ringmaster.Devices.Virtio.Rings;

/// <summary>Pieces of guest memory that are one run of bytes to a device.</summary>
/// <param name="dma">Memory as the device sees it.</param>
/// <param name="buffers">The pieces, in order.</param>
public sealed class BufferList(DmaSpace dma, IReadOnlyList<GuestBuffer> buffers)
{
    private readonly ulong _length = (ulong)buffers.Sum(b => (long)b.Length);

    /// <summary>Bytes of all pieces together.</summary>
    public ulong Length => _length;

    /// <summary>The pieces, in order.</summary>
    public IReadOnlyList<GuestBuffer> Pieces => buffers;

    /// <summary>Copies from the pieces.</summary>
    /// <param name="offset">The first byte.</param>
    /// <param name="destination">Gets as many bytes as it is long.</param>
    /// <returns>False if there are fewer bytes, or some are not memory; then some may have been copied.</returns>
    public bool TryRead(ulong offset, Span<byte> destination)
    {
        foreach (var (piece, at, length) in Range(offset, (ulong)destination.Length))
        {
            if (!dma.TryRead(piece.Address + at, destination[..(int)length]))
                return false;
            destination = destination[(int)length..];
        }
        return destination.IsEmpty;
    }

    /// <summary>Copies into the pieces.</summary>
    /// <param name="offset">The first byte.</param>
    /// <param name="source">The bytes.</param>
    /// <returns>False if there is less room, or some of it is not RAM; then some may have been copied.</returns>
    public bool TryWrite(ulong offset, ReadOnlySpan<byte> source)
    {
        foreach (var (piece, at, length) in Range(offset, (ulong)source.Length))
        {
            if (!dma.TryWrite(piece.Address + at, source[..(int)length]))
                return false;
            source = source[(int)length..];
        }
        return source.IsEmpty;
    }

    /// <summary>Makes some of the bytes accessible in place. After writing, call <see cref="NoteWritten"/>.</summary>
    /// <param name="offset">The first byte.</param>
    /// <param name="length">How many.</param>
    /// <param name="pieces">Gets them appended, in order.</param>
    /// <returns>False if there are fewer bytes, or some are not RAM; then some may have been appended.</returns>
    public bool TryMap(ulong offset, ulong length, ICollection<Memory<byte>> pieces)
    {
        ulong mapped = 0;
        foreach (var (piece, at, part) in Range(offset, length))
        {
            if (!dma.TryMap(piece.Address + at, part, pieces))
                return false;
            mapped += part;
        }
        return mapped == length;
    }

    /// <summary>Bytes have been written through what <see cref="TryMap"/> gave.</summary>
    public void NoteWritten(ulong offset, ulong length)
    {
        foreach (var (piece, at, part) in Range(offset, length))
            dma.NoteWritten(piece.Address + at, part);
    }

    /// <summary>The parts of pieces that a run of bytes lies in, as far as there are such.</summary>
    private IEnumerable<(GuestBuffer Piece, ulong At, ulong Length)> Range(ulong offset, ulong length)
    {
        foreach (var piece in buffers)
        {
            if (length == 0)
                yield break;
            if (offset >= piece.Length)
            {
                offset -= piece.Length;
                continue;
            }
            var part = Math.Min(piece.Length - offset, length);
            yield return (piece, offset, part);
            (offset, length) = (0, length - part);
        }
    }
}
