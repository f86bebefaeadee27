namespace Ringmaster.Host;

/// <summary>
/// Memory for generated machine code, mapped twice: one view is writable, the other executable, and no view is both.
/// </summary>
public sealed unsafe class CodeMemory : IDisposable
{
    private readonly MemoryFile _file;
    private readonly AddressReservation _writable;
    private readonly AddressReservation _executable;

    private CodeMemory(MemoryFile file, AddressReservation writable, AddressReservation executable)
    {
        _file = file;
        _writable = writable;
        _executable = executable;
    }

    /// <summary>Bytes.</summary>
    public int Size => (int)_file.Size;

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
        var file = MemoryFile.Create("generated-code", size);
        AddressReservation? writable = null, executable = null;
        try
        {
            writable = AddressReservation.Create((nuint)size);
            writable.Map(0, file, 0, (nuint)size);
            executable = AddressReservation.Create((nuint)size);
            executable.MapExecutable(0, file, 0, (nuint)size);
            return new CodeMemory(file, writable, executable);
        }
        catch
        {
            executable?.Dispose();
            writable?.Dispose();
            file.Dispose();
            throw;
        }
    }

    /// <inheritdoc/>
    public void Dispose()
    {
        _executable.Dispose();
        _writable.Dispose();
        _file.Dispose();
    }
}
