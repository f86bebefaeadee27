using Ringmaster.Memory;

namespace Ringmaster.Devices.Dma;

/// <summary>
/// Memory as a device that masters the bus sees it. Devices reach guest memory through this alone. Whatever the guest makes a
/// device access, nothing but RAM is touched: what is not RAM is refused.
/// </summary>
/// <param name="memory">The guest's memory.</param>
public sealed class DmaSpace(GuestMemory memory)
{
    /// <summary>Copies from RAM or ROM.</summary>
    /// <returns>False, with nothing copied, if any byte is neither.</returns>
    public bool TryRead(GuestPhysicalAddress address, Span<byte> destination) => memory.TryRead(address, destination);

    /// <summary>Copies into RAM.</summary>
    /// <returns>False, with nothing copied, if any byte is not RAM.</returns>
    public bool TryWrite(GuestPhysicalAddress address, ReadOnlySpan<byte> source) => memory.TryWrite(address, source);

    /// <summary>Reads a little-endian value; one of at most 8 bytes that is naturally aligned in one piece.</summary>
    /// <returns>False if any byte is neither RAM nor ROM.</returns>
    public bool TryRead<T>(GuestPhysicalAddress address, out T value) where T : unmanaged => memory.TryRead(address, out value);

    /// <summary>Writes a little-endian value; one of at most 8 bytes that is naturally aligned in one piece.</summary>
    /// <returns>False if any byte is not RAM.</returns>
    public bool TryWrite<T>(GuestPhysicalAddress address, T value) where T : unmanaged => memory.TryWrite(address, value);

    /// <summary>
    /// Makes RAM accessible in place, for whoever moves much of it: a read from a disk goes straight into the guest's buffer.
    /// After writing through it, call <see cref="NoteWritten"/>.
    /// </summary>
    /// <param name="address">The first byte.</param>
    /// <param name="length">Bytes; may be 0.</param>
    /// <param name="pieces">Gets the pieces appended, in order.</param>
    /// <returns>False, with nothing appended, if any byte is not RAM.</returns>
    public bool TryMap(GuestPhysicalAddress address, ulong length, ICollection<Memory<byte>> pieces)
    {
        ArgumentNullException.ThrowIfNull(pieces);
        if (!memory.Contains(address, length))
            return false;
        for (ulong done = 0; done < length;)
        {
            var piece = memory.Map(address + done, (int)Math.Min(length - done, int.MaxValue));
            pieces.Add(piece);
            done += (ulong)piece.Length;
        }
        return true;
    }

    /// <summary>Gives RAM that the guest does without back to the host; it is zero when it is used again.</summary>
    /// <param name="address">The first byte.</param>
    /// <param name="length">Bytes; pages that they do not cover whole stay as they are, as does what is not RAM.</param>
    public void Discard(GuestPhysicalAddress address, ulong length) => memory.Discard(address, length);

    /// <summary>Bytes have been written through what <see cref="TryMap"/> gave. Engines drop code that they have cached from there.</summary>
    public void NoteWritten(GuestPhysicalAddress address, ulong length)
    {
        if (length != 0 && memory.Contains(address, length))
            memory.Watch.DeviceWrote(address, length);
    }
}
