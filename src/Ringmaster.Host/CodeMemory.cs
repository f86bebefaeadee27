namespace Ringmaster.Host;

/// <summary>
/// Memory for generated machine code, mapped twice: one view is writable, the other executable, and no view is both.
/// </summary>
/// <remarks>
/// Shared anonymous memory whose mapping is doubled by mremap(2), not a memory file: perf(1) looks generated code up in its map
/// only where memory is anonymous.
/// </remarks>
public sealed unsafe class CodeMemory : IDisposable
{
    private readonly AddressReservation _writable;
    private readonly AddressReservation _executable;

    private CodeMemory(AddressReservation writable, AddressReservation executable)
    {
        _writable = writable;
        _executable = executable;
    }

    /// <summary>Bytes.</summary>
    public int Size => (int)_writable.Length;

    /// <summary>The view that code is written through.</summary>
    public byte* Writable => _writable.Address;

    /// <summary>The view that code is executed in; a byte's offset is the same in both.</summary>
    public byte* Executable => _executable.Address;

    /// <summary>Maps memory; its pages take host memory only once they are touched.</summary>
    /// <param name="size">Bytes; a multiple of the page size, less than 2 GiB so that all of it is within reach of a near branch.</param>
    /// <exception cref="LinuxException">The host has no room, or does not let this process execute memory of its own.</exception>
    public static CodeMemory Create(int size)
    {
        ArgumentOutOfRangeException.ThrowIfNegativeOrZero(size);
        var writable = AddressReservation.CreateShared((nuint)size);
        try
        {
            return new CodeMemory(writable, writable.CreateExecutableView());
        }
        catch
        {
            writable.Dispose();
            throw;
        }
    }

    /// <summary>
    /// Has the host give memory for some bytes at once, in both views: each page that is touched without it costs two host faults.
    /// </summary>
    /// <param name="from">The first byte; a multiple of the page size.</param>
    /// <param name="length">How many.</param>
    public void Populate(int from, int length)
    {
        ArgumentOutOfRangeException.ThrowIfNegative(from);
        ArgumentOutOfRangeException.ThrowIfGreaterThan(length, Size - from);
        // A kernel that does not know how (before 5.14) waits for the faults, and nothing is lost.
        if (MemoryNative.Madvise(Writable + from, (nuint)length, MemoryNative.MadvPopulateWrite) == 0)
            _ = MemoryNative.Madvise(Executable + from, (nuint)length, MemoryNative.MadvPopulateRead);
    }

    /// <inheritdoc/>
    public void Dispose()
    {
        _executable.Dispose();
        _writable.Dispose();
    }
}
