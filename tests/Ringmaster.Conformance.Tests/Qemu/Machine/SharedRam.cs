using System.IO.MemoryMappedFiles;
using System.Runtime.InteropServices;

namespace Ringmaster.Conformance.Tests.Qemu.Machine;

/// <summary>QEMU's memory: a file that both processes map.</summary>
internal sealed unsafe class SharedRam : IDisposable
{
    private readonly MemoryMappedFile _file;
    private readonly MemoryMappedViewAccessor _view;
    private readonly byte* _start;

    public SharedRam(string path)
    {
        _file = MemoryMappedFile.CreateFromFile(path, FileMode.Create, null, Place.MemorySize);
        _view = _file.CreateViewAccessor();
        _view.SafeMemoryMappedViewHandle.AcquirePointer(ref _start);
    }

    public Span<byte> At(uint address, int length)
    {
        ArgumentOutOfRangeException.ThrowIfGreaterThan(address + (ulong)length, (ulong)Place.MemorySize);
        // SAFETY: the view spans MemorySize bytes and lives until this object is disposed of.
        return new(_start + address, length);
    }

    public T Read<T>(uint address) where T : unmanaged => MemoryMarshal.Read<T>(At(address, sizeof(T)));

    public void Write<T>(uint address, T value) where T : unmanaged => MemoryMarshal.Write(At(address, sizeof(T)), value);

    /// <summary>Reads what the other side may be about to write; what it wrote before is seen afterwards.</summary>
    public uint ReadSignal(uint address) => Volatile.Read(ref MemoryMarshal.AsRef<uint>(At(address, sizeof(uint))));

    /// <summary>Writes what the other side waits for, after everything written before.</summary>
    public void WriteSignal(uint address, uint value) => Volatile.Write(ref MemoryMarshal.AsRef<uint>(At(address, sizeof(uint))), value);

    public void Dispose()
    {
        _view.SafeMemoryMappedViewHandle.ReleasePointer();
        _view.Dispose();
        _file.Dispose();
    }
}
