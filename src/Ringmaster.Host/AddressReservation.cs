using Microsoft.Win32.SafeHandles;

namespace Ringmaster.Host;

/// <summary>
/// A range of this process's address space in which nothing is mapped at first. Parts of it are then backed by memory;
/// touching any other part is a host fault. Disposing unmaps all of it.
/// </summary>
public sealed unsafe partial class AddressReservation : SafeHandleMinusOneIsInvalid
{
    private static readonly nuint LargePage = 2 << 20;

    private AddressReservation(void* address, nuint length) : base(ownsHandle: true)
    {
        SetHandle((nint)address);
        Length = length;
    }

    /// <summary>Length in bytes.</summary>
    public nuint Length { get; }

    /// <summary>The first byte's host virtual address.</summary>
    public byte* Address => (byte*)handle;

    /// <summary>Reserves address space, from a multiple of a large page's size on; costs no memory.</summary>
    /// <param name="length">Bytes; a multiple of the page size.</param>
    /// <param name="pages">The pages that parts of it will be made of.</param>
    /// <exception cref="LinuxException">The host has no such range left.</exception>
    public static AddressReservation Create(nuint length, HostPages pages = HostPages.AsGiven)
    {
        var alignment = Math.Max(LargePage, (nuint)(pages.ReservedSize() ?? 0));
        var longer = length <= nuint.MaxValue - alignment ? length + alignment : nuint.MaxValue;
        var address = MemoryNative.Mmap(null, longer, MemoryNative.ProtNone,
            MemoryNative.MapPrivate | MemoryNative.MapAnonymous | MemoryNative.MapNoReserve, -1, 0);
        if (address == MemoryNative.MapFailed)
            throw LinuxException.FromLastCall($"mmap reserving {length} bytes of address space");
        var reservation = new AddressReservation((void*)(((nuint)address + alignment - 1) & ~(alignment - 1)), length);
        var before = (nuint)reservation.Address - (nuint)address;
        if ((before == 0 || MemoryNative.Munmap(address, before) == 0) && MemoryNative.Munmap(reservation.Address + length, alignment - before) == 0)
            return reservation;
        var error = LinuxException.FromLastCall("munmap of what surrounds reserved address space");
        reservation.Dispose();
        throw error;
    }

    /// <summary>Maps zeroed memory, readable and writable, of which other views can be made.</summary>
    /// <param name="length">Bytes; a multiple of the page size.</param>
    /// <exception cref="LinuxException">The host has not enough address space.</exception>
    public static AddressReservation CreateShared(nuint length)
    {
        var address = MemoryNative.Mmap(null, length, MemoryNative.ProtRead | MemoryNative.ProtWrite,
            MemoryNative.MapShared | MemoryNative.MapAnonymous | MemoryNative.MapNoReserve, -1, 0);
        if (address == MemoryNative.MapFailed)
            throw LinuxException.FromLastCall($"mmap of {length} bytes");
        return new AddressReservation(address, length);
    }

    /// <summary>Makes another view of shared memory, readable and executable.</summary>
    internal AddressReservation CreateExecutableView()
    {
        // An old size of zero makes a second mapping of the same pages (mremap(2)).
        var address = MemoryNative.Mremap(Address, 0, Length, MemoryNative.MremapMayMove);
        if (address == MemoryNative.MapFailed)
            throw LinuxException.FromLastCall($"mremap of {Length} bytes");
        var view = new AddressReservation(address, Length);
        if (MemoryNative.Mprotect(address, Length, MemoryNative.ProtRead | MemoryNative.ProtExecute) == 0)
            return view;
        var error = LinuxException.FromLastCall("mprotect for execution");
        view.Dispose();
        throw error;
    }

    /// <summary>
    /// Backs part of the range with zeroed memory, readable and writable. Pages take host memory once they are touched; large
    /// ones, where the host has them to give: a guest touches most of its memory, and a host fault for each 4 KiB of it takes
    /// longer than filling it.
    /// </summary>
    /// <param name="offset">Where in the range, in bytes; a multiple of the pages' size.</param>
    /// <param name="length">How many bytes; a multiple of the pages' size.</param>
    /// <param name="pages">The pages. Reserved ones are all taken at once, so that a lack of them is seen here.</param>
    /// <exception cref="ArgumentOutOfRangeException">The part lies outside the range.</exception>
    /// <exception cref="LinuxException">The host refused the mapping, or has not so many pages.</exception>
    public void Map(nuint offset, nuint length, HostPages pages = HostPages.AsGiven)
    {
        CheckInside(offset, length);
        if (pages.ReservedSize() is { } size)
        {
            MapReserved(offset, length, size);
            return;
        }
        // SAFETY: offset + length was checked to lie inside our own reservation, so MAP_FIXED replaces nothing else.
        var at = MemoryNative.Mmap(Address + offset, length, MemoryNative.ProtRead | MemoryNative.ProtWrite,
            MemoryNative.MapPrivate | MemoryNative.MapAnonymous | MemoryNative.MapFixed | MemoryNative.MapNoReserve, -1, 0);
        if (at == MemoryNative.MapFailed)
            throw LinuxException.FromLastCall($"mmap of {length} bytes");
        // A kernel built without large pages refuses, and nothing is lost.
        _ = MemoryNative.Madvise(at, length, pages == HostPages.Small ? MemoryNative.MadvNoHugePage : MemoryNative.MadvHugePage);
    }

    /// <summary>Shows all of some shared memory in part of the range, in place of what is there.</summary>
    /// <param name="offset">Where in the range, in bytes; page-aligned.</param>
    /// <param name="shared">From <see cref="CreateShared"/>.</param>
    /// <exception cref="ArgumentOutOfRangeException">The part lies outside the range.</exception>
    /// <exception cref="LinuxException">The host refused the mapping.</exception>
    public void MapView(nuint offset, AddressReservation shared)
    {
        ArgumentNullException.ThrowIfNull(shared);
        CheckInside(offset, shared.Length);
        // An old size of zero makes a second mapping of the same pages (mremap(2)).
        // SAFETY: the part was checked to lie inside our own reservation, so MREMAP_FIXED replaces nothing else.
        var at = MemoryNative.Mremap(
            shared.Address, 0, shared.Length, MemoryNative.MremapMayMove | MemoryNative.MremapFixed, Address + offset);
        if (at == MemoryNative.MapFailed)
            throw LinuxException.FromLastCall($"mremap of {shared.Length} bytes");
    }

    /// <summary>Takes away what is mapped in part of the range.</summary>
    /// <param name="offset">Where in the range, in bytes; page-aligned.</param>
    /// <param name="length">How many bytes; a multiple of the page size.</param>
    /// <exception cref="ArgumentOutOfRangeException">The part lies outside the range.</exception>
    /// <exception cref="LinuxException">The host refused.</exception>
    public void Unmap(nuint offset, nuint length)
    {
        CheckInside(offset, length);
        // SAFETY: as in Map. The addresses stay reserved.
        var at = MemoryNative.Mmap(Address + offset, length, MemoryNative.ProtNone,
            MemoryNative.MapPrivate | MemoryNative.MapAnonymous | MemoryNative.MapFixed | MemoryNative.MapNoReserve, -1, 0);
        if (at == MemoryNative.MapFailed)
            throw LinuxException.FromLastCall($"mmap over {length} bytes");
    }

    /// <summary>Gives the host the memory behind part of the range back; it is zero when it is touched again.</summary>
    /// <param name="offset">Where in the range, in bytes; page-aligned, and mapped.</param>
    /// <param name="length">How many bytes; a multiple of the page size.</param>
    /// <returns>Whether the host took it.</returns>
    /// <exception cref="ArgumentOutOfRangeException">The part lies outside the range.</exception>
    public bool Discard(nuint offset, nuint length)
    {
        CheckInside(offset, length);
        // What goes back of reserved pages may be somebody else's when it is touched again, and that would end the process.
        // SAFETY: the part lies inside our own reservation, and stays mapped.
        return !_hasReservedPages && MemoryNative.Madvise(Address + offset, length, MemoryNative.MadvDontNeed) == 0;
    }

    private void CheckInside(nuint offset, nuint length)
    {
        ArgumentOutOfRangeException.ThrowIfGreaterThan(length, Length);
        ArgumentOutOfRangeException.ThrowIfGreaterThan(offset, Length - length);
    }

    /// <inheritdoc/>
    protected override bool ReleaseHandle() => MemoryNative.Munmap((void*)handle, Length) == 0;
}
