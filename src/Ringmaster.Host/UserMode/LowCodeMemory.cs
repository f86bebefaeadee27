namespace Ringmaster.Host.UserMode;

/// <summary>Machine code in the first 2 GiB of the address space, where far pointers of 32 bits reach it.</summary>
public sealed unsafe class LowCodeMemory : IDisposable
{
    private const int MapLow = 0x40; // MAP_32BIT of mmap(2)

    private readonly nuint _length;

    /// <summary>Maps memory, has the code made for its address, and makes it executable and no longer writable.</summary>
    /// <param name="length">Bytes; a multiple of the page size.</param>
    /// <param name="code">Makes the code, of that many bytes at most.</param>
    /// <exception cref="LinuxException">The host has no room there, or does not let this process execute memory of its own.</exception>
    public LowCodeMemory(int length, Func<ulong, byte[]> code)
    {
        ArgumentNullException.ThrowIfNull(code);
        _length = (nuint)length;
        var address = MemoryNative.Mmap(null, _length, MemoryNative.ProtRead | MemoryNative.ProtWrite,
            MemoryNative.MapPrivate | MemoryNative.MapAnonymous | MapLow, -1, 0);
        if (address == MemoryNative.MapFailed)
            throw LinuxException.FromLastCall("mmap of memory for code");
        Address = (byte*)address;
        try
        {
            // SAFETY: as many bytes were just mapped writable; the copy throws if the code is longer.
            code((ulong)address).CopyTo(new Span<byte>(address, length));
            if (MemoryNative.Mprotect(address, _length, MemoryNative.ProtRead | MemoryNative.ProtExecute) != 0)
                throw LinuxException.FromLastCall("mprotect of memory for code");
        }
        catch
        {
            Dispose();
            throw;
        }
    }

    /// <summary>The first byte.</summary>
    public byte* Address { get; private set; }

    /// <inheritdoc/>
    public void Dispose()
    {
        if (Address is null)
            return;
        _ = MemoryNative.Munmap(Address, _length);
        Address = null;
    }
}
