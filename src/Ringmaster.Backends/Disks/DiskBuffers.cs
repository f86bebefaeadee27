namespace Ringmaster.Backends.Disks;

/// <summary>A run of bytes that lies in several pieces of memory. Slices share the memory; nothing is copied.</summary>
public readonly struct DiskBuffers
{
    private readonly IReadOnlyList<Memory<byte>>? _pieces;

    /// <summary>Takes pieces in their order.</summary>
    public DiskBuffers(IReadOnlyList<Memory<byte>> pieces)
    {
        ArgumentNullException.ThrowIfNull(pieces);
        // An empty piece would make a read that fills nothing, which means the end of a file.
        _pieces = pieces.Any(piece => piece.IsEmpty) ? [.. pieces.Where(piece => !piece.IsEmpty)] : pieces;
        foreach (var piece in _pieces)
            Length += piece.Length;
    }

    /// <summary>Takes one piece.</summary>
    public DiskBuffers(Memory<byte> piece)
    {
        _pieces = piece.IsEmpty ? [] : [piece];
        Length = piece.Length;
    }

    private DiskBuffers(IReadOnlyList<Memory<byte>> pieces, long length) => (_pieces, Length) = (pieces, length);

    /// <summary>Bytes of all pieces together.</summary>
    public long Length { get; }

    /// <summary>The pieces.</summary>
    public IReadOnlyList<Memory<byte>> Pieces => _pieces ?? [];

    /// <summary>The same pieces, as what is only read.</summary>
    public IReadOnlyList<ReadOnlyMemory<byte>> ReadOnlyPieces
    {
        get
        {
            var pieces = new ReadOnlyMemory<byte>[Pieces.Count];
            for (var i = 0; i < pieces.Length; i++)
                pieces[i] = Pieces[i];
            return pieces;
        }
    }

    /// <summary>Part of the run.</summary>
    public DiskBuffers Slice(long start, long length)
    {
        ArgumentOutOfRangeException.ThrowIfNegative(start);
        ArgumentOutOfRangeException.ThrowIfNegative(length);
        ArgumentOutOfRangeException.ThrowIfGreaterThan(length, Length - start);
        if (start == 0 && length == Length)
            return this;
        var slice = new List<Memory<byte>>();
        var left = length;
        foreach (var piece in Pieces)
        {
            if (left == 0)
                break;
            if (start >= piece.Length)
            {
                start -= piece.Length;
                continue;
            }
            var taken = (int)Math.Min(piece.Length - start, left);
            slice.Add(piece.Slice((int)start, taken));
            left -= taken;
            start = 0;
        }
        return new DiskBuffers(slice, length);
    }

    /// <summary>Everything from a byte on.</summary>
    public DiskBuffers Slice(long start) => Slice(start, Length - start);

    /// <summary>These pieces between two others; each of them may be empty.</summary>
    internal DiskBuffers Between(Memory<byte> before, Memory<byte> after)
    {
        if (before.IsEmpty && after.IsEmpty)
            return this;
        var pieces = new List<Memory<byte>>(Pieces.Count + 2);
        if (!before.IsEmpty)
            pieces.Add(before);
        pieces.AddRange(Pieces);
        if (!after.IsEmpty)
            pieces.Add(after);
        return new DiskBuffers(pieces, Length + before.Length + after.Length);
    }

    /// <summary>Fills everything with zeros.</summary>
    public void Clear()
    {
        foreach (var piece in Pieces)
            piece.Span.Clear();
    }

    /// <summary>Fills everything from bytes of the same length.</summary>
    public void CopyFrom(ReadOnlySpan<byte> source)
    {
        foreach (var piece in Pieces)
        {
            source[..piece.Length].CopyTo(piece.Span);
            source = source[piece.Length..];
        }
    }

    /// <summary>Copies everything to memory that is long enough.</summary>
    public void CopyTo(Span<byte> destination)
    {
        foreach (var piece in Pieces)
        {
            piece.Span.CopyTo(destination);
            destination = destination[piece.Length..];
        }
    }

    /// <summary>Zeros of any length that share one piece of memory, which is not to be written.</summary>
    internal static DiskBuffers Zeros(long length)
    {
        var chunk = new byte[(int)Math.Min(length, 64 * 1024)];
        var pieces = new List<Memory<byte>>();
        for (var left = length; left > 0; left -= Math.Min(left, chunk.Length))
            pieces.Add(chunk.AsMemory(0, (int)Math.Min(left, chunk.Length)));
        return new DiskBuffers(pieces, length);
    }
}
