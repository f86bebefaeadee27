namespace Ringmaster.Host;

/// <content>Reserved pages, and memory that stays.</content>
public sealed unsafe partial class AddressReservation
{
    private bool _hasReservedPages;

    /// <summary>Has the host keep part of the range in memory: all of it is there from now on.</summary>
    /// <param name="offset">Where in the range, in bytes; page-aligned, and mapped.</param>
    /// <param name="length">How many bytes.</param>
    /// <exception cref="ArgumentOutOfRangeException">The part lies outside the range.</exception>
    /// <exception cref="LinuxException">The process may not lock so much, or the host has not enough.</exception>
    public void Lock(nuint offset, nuint length)
    {
        CheckInside(offset, length);
        if (MemoryNative.Mlock(Address + offset, length) != 0)
            throw LinuxException.FromLastCall($"mlock of {length} bytes");
    }

    private void MapReserved(nuint offset, nuint length, ulong size)
    {
        // The flags hold log2 of the page's size (mmap(2), MAP_HUGE_2MB).
        var flags = MemoryNative.MapHuge | System.Numerics.BitOperations.Log2(size) << MemoryNative.MapHugeShift;
        // SAFETY: as in Map. Aligned as it is, the kernel takes no more than the part.
        var at = MemoryNative.Mmap(Address + offset, length, MemoryNative.ProtRead | MemoryNative.ProtWrite,
            MemoryNative.MapPrivate | MemoryNative.MapAnonymous | MemoryNative.MapFixed | flags, -1, 0);
        if (at == MemoryNative.MapFailed)
            throw LinuxException.FromLastCall($"mmap of {length} bytes in pages of {size}");
        _hasReservedPages = true;
        // A page that is lacking when it is touched would end the process.
        if (MemoryNative.Madvise(at, length, MemoryNative.MadvPopulateWrite) != 0)
            throw LinuxException.FromLastCall($"populating {length} bytes in pages of {size}");
    }
}
