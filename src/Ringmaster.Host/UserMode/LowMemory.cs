namespace Ringmaster.Host.UserMode;

/// <summary>Memory in the first 2 GiB of the address space, where pointers of 32 bits reach it.</summary>
internal sealed unsafe class LowMemory : IDisposable
{
    private const int MapLow = 0x40; // MAP_32BIT of mmap(2)

    private readonly int _length;

    /// <summary>Maps memory that can be read and written.</summary>
    /// <param name="length">Bytes; a multiple of the page size.</param>
    /// <exception cref="LinuxException">The host has no room there.</exception>
    internal LowMemory(int length)
    {
        _length = length;
        var address = MemoryNative.Mmap(null, (nuint)length, MemoryNative.ProtRead | MemoryNative.ProtWrite,
            MemoryNative.MapPrivate | MemoryNative.MapAnonymous | MapLow, -1, 0);
        if (address == MemoryNative.MapFailed)
            throw LinuxException.FromLastCall("mmap of memory below 2 GiB");
        Address = (byte*)address;
    }

    /// <summary>The first byte.</summary>
    internal byte* Address { get; private set; }

    /// <summary>Behind the last byte.</summary>
    internal byte* End => Address + _length;

    /// <summary>Puts code there, which can be executed and no longer be changed.</summary>
    /// <exception cref="LinuxException">The host does not let this process execute memory of its own.</exception>
    internal void Fill(ReadOnlySpan<byte> code)
    {
        // SAFETY: as many bytes are mapped; the copy throws if the code is longer.
        code.CopyTo(new Span<byte>(Address, _length));
        if (MemoryNative.Mprotect(Address, (nuint)_length, MemoryNative.ProtRead | MemoryNative.ProtExecute) != 0)
            throw LinuxException.FromLastCall("mprotect of memory for code");
    }

    /// <inheritdoc/>
    public void Dispose()
    {
        if (Address is null)
            return;
        _ = MemoryNative.Munmap(Address, (nuint)_length);
        Address = null;
    }
}
