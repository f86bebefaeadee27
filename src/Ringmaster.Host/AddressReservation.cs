using Microsoft.Win32.SafeHandles;

namespace Ringmaster.Host;

/// <summary>
/// A range of this process's address space in which nothing is mapped at first. Parts of it are then backed by memory
/// files; touching any other part is a host fault. Disposing unmaps all of it.
/// </summary>
public sealed unsafe class AddressReservation : SafeHandleMinusOneIsInvalid
{
    private AddressReservation(void* address, nuint length) : base(ownsHandle: true)
    {
        SetHandle((nint)address);
        Length = length;
    }

    /// <summary>Length in bytes.</summary>
    public nuint Length { get; }

    /// <summary>The first byte's host virtual address.</summary>
    public byte* Address => (byte*)handle;

    /// <summary>Reserves address space; costs no memory.</summary>
    /// <exception cref="LinuxException">The host has no such range left.</exception>
    public static AddressReservation Create(nuint length)
    {
        var address = MemoryNative.Mmap(null, length, MemoryNative.ProtNone,
            MemoryNative.MapPrivate | MemoryNative.MapAnonymous | MemoryNative.MapNoReserve, -1, 0);
        if (address == MemoryNative.MapFailed)
            throw LinuxException.FromLastCall($"mmap reserving {length} bytes of address space");
        return new AddressReservation(address, length);
    }

    /// <summary>Maps zeroed memory, readable and writable, of which other views can be made.</summary>
    internal static AddressReservation CreateShared(nuint length)
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

    /// <summary>Backs part of the range with part of a file, readable and writable, shared.</summary>
    /// <param name="offset">Where in the range, in bytes; page-aligned.</param>
    /// <param name="file">The file to map.</param>
    /// <param name="fileOffset">Where in the file, in bytes; page-aligned.</param>
    /// <param name="length">How many bytes; a multiple of the page size.</param>
    /// <exception cref="ArgumentOutOfRangeException">The part lies outside the range or the file.</exception>
    /// <exception cref="LinuxException">The host refused the mapping.</exception>
    public void Map(nuint offset, MemoryFile file, long fileOffset, nuint length)
    {
        ArgumentOutOfRangeException.ThrowIfGreaterThan(length, Length);
        ArgumentOutOfRangeException.ThrowIfGreaterThan(offset, Length - length);
        ArgumentOutOfRangeException.ThrowIfNegative(fileOffset);
        ArgumentOutOfRangeException.ThrowIfGreaterThan((ulong)fileOffset + length, (ulong)file.Size);
        // SAFETY: offset + length was checked to lie inside our own reservation, so MAP_FIXED replaces nothing else.
        var at = MemoryNative.Mmap(Address + offset, length, MemoryNative.ProtRead | MemoryNative.ProtWrite,
            MemoryNative.MapShared | MemoryNative.MapFixed, (int)file.DangerousGetHandle(), fileOffset);
        if (at == MemoryNative.MapFailed)
            throw LinuxException.FromLastCall($"mmap of {length} bytes");
    }

    /// <inheritdoc/>
    protected override bool ReleaseHandle() => MemoryNative.Munmap((void*)handle, Length) == 0;
}
