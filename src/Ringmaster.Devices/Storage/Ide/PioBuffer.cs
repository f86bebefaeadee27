using Ringmaster.Devices.State;

namespace Ringmaster.Devices.Storage.Ide;

/// <summary>
/// A drive's buffer, which the data register reads or fills block by block. A block is what goes over the data register with one
/// setting of DRQ.
/// </summary>
internal sealed class PioBuffer
{
    /// <summary>Most bytes.</summary>
    public const int Capacity = 128 * BlockRequest.SectorSize;

    private byte[] _bytes = [];

    /// <summary>How many bytes are in it, or are to get into it.</summary>
    public int Length { get; private set; }

    public int Start { get; private set; }

    public int Position { get; private set; }

    public int End { get; private set; }

    /// <summary>Bytes behind the present block.</summary>
    public int Rest => Length - End;

    /// <summary>Whether the present block has been moved as a whole.</summary>
    public bool IsBlockDone => Position == End;

    /// <summary>All of its bytes.</summary>
    public Memory<byte> Content => _bytes.AsMemory(0, Length);

    /// <summary>Makes room for so many bytes, at most <see cref="Capacity"/>, with no block begun.</summary>
    public Memory<byte> Prepare(int length)
    {
        if (_bytes.Length == 0)
            _bytes = new byte[Capacity];
        (Length, Start, Position, End) = (length, 0, 0, 0);
        return Content;
    }

    /// <summary>As <see cref="Prepare"/>, and fills it.</summary>
    public void Load(ReadOnlySpan<byte> content) => content.CopyTo(Prepare(content.Length).Span);

    /// <summary>Begins the next block.</summary>
    /// <param name="length">Bytes, at most <see cref="Rest"/>.</param>
    public void Begin(int length) => (Start, Position, End) = (End, End, End + length);

    /// <summary>Takes bytes of the block, as many as are left.</summary>
    /// <returns>Little-endian; bytes behind the block are zero.</returns>
    public uint Take(int most)
    {
        uint value = 0;
        for (var i = 0; i < most && Position < End; i++)
            value |= (uint)_bytes[Position++] << (8 * i);
        return value;
    }

    /// <summary>Puts bytes into the block, as many as it has room for.</summary>
    public void Put(int most, uint value)
    {
        for (var i = 0; i < most && Position < End; i++)
            _bytes[Position++] = (byte)(value >> (8 * i));
    }

    /// <summary>Moves on in the block without looking at it.</summary>
    public void Skip(int count) => Position += count;

    public void Clear() => (Length, Start, Position, End) = (0, 0, 0, 0);

    public PioBufferState Capture() => new(Content.ToArray(), Start, Position, End);

    public static void Check(string name, PioBufferState state)
    {
        var isInOrder = state.Start >= 0 && state.Position >= state.Start && state.End >= state.Position && state.End <= state.Bytes.Length;
        if (!isInOrder || state.Bytes.Length > Capacity)
            throw new SavedStateException($"{name}: the saved state has more in a drive's buffer than there can be.");
    }

    public void Apply(PioBufferState state)
    {
        Load(state.Bytes);
        (Start, Position, End) = (state.Start, state.Position, state.End);
    }
}
