namespace Ringmaster.Host;

/// <content>Memory of chosen pages, and memory that stays.</content>
public sealed unsafe partial class AddressReservation
{
    private bool _hasReservedPages;

    /// <summary>Backs part of the range with zeroed memory of chosen pages, readable and writable; see <see cref="Map(nuint, nuint)"/>.</summary>
    /// <param name="offset">Where in the range, in bytes; a multiple of the pages' size.</param>
    /// <param name="length">How many bytes; a multiple of the pages' size.</param>
    /// <param name="pages">The pages. Reserved ones are all taken at once, so that a lack of them is seen here.</param>
    /// <exception cref="ArgumentOutOfRangeException">The part lies outside the range.</exception>
    /// <exception cref="LinuxException">The host refused, or has not so many pages.</exception>
    public void Map(nuint offset, nuint length, HostPages pages)
    {
        if (SizeOf(pages) is var size and not 0)
            MapReserved(offset, length, size);
        else
            Map(offset, length);
        // A kernel built without large pages refuses, and gives none then either.
        if (pages == HostPages.Small)
            _ = MemoryNative.Madvise(Address + offset, length, MemoryNative.MadvNoHugePage);
    }

    /// <summary>Has the host keep part of the range in memory: all of it is there from now on.</summary>
    /// <param name="offset">Where in the range, in bytes; page-aligned, and mapped.</param>
    /// <param name="length">How many bytes.</param>
    /// <exception cref="ArgumentOutOfRangeException">The part lies outside the range.</exception>
    /// <exception cref="LinuxException">The process may not lock so much, or the host has not enough.</exception>
    public void Lock(nuint offset, nuint length)
    {
        ArgumentOutOfRangeException.ThrowIfGreaterThan(length, Length);
        ArgumentOutOfRangeException.ThrowIfGreaterThan(offset, Length - length);
        if (MemoryNative.Mlock(Address + offset, length) != 0)
            throw LinuxException.FromLastCall($"mlock of {length} bytes");
    }

    /// <summary>Bytes of a reserved page; 0 for others.</summary>
    private static nuint SizeOf(HostPages pages) => pages switch
    {
        HostPages.TwoMebibytes => (nuint)2 << 20,
        HostPages.OneGibibyte => (nuint)1 << 30,
        _ => 0,
    };

    private void MapReserved(nuint offset, nuint length, nuint size)
    {
        ArgumentOutOfRangeException.ThrowIfGreaterThan(length, Length);
        ArgumentOutOfRangeException.ThrowIfGreaterThan(offset, Length - length);
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
