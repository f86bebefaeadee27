using System.Runtime.InteropServices;

namespace Ringmaster.Cpu.Interpreter.Tests.Native;

/// <summary>Machine code in an executable mapping of its own.</summary>
internal sealed unsafe partial class NativeCode : IDisposable
{
    private const int ReadWrite = 3, ReadExecute = 5, PrivateAnonymous = 0x22;
    private readonly nuint _length;
    private readonly void* _address;

    public NativeCode(ReadOnlySpan<byte> code)
    {
        _length = (nuint)(code.Length + 4095) & ~(nuint)4095;
        _address = Map(null, _length, ReadWrite, PrivateAnonymous, -1, 0);
        if ((nint)_address == -1)
            throw new InvalidOperationException("mmap failed");
        code.CopyTo(new Span<byte>(_address, code.Length));
        if (Protect(_address, _length, ReadExecute) != 0)
            throw new InvalidOperationException("mprotect failed");
    }

    /// <summary>Calls the code with two pointers.</summary>
    public void Call(void* first, void* second) => ((delegate* unmanaged<void*, void*, void>)_address)(first, second);

    public void Dispose() => Unmap(_address, _length);

    [LibraryImport("libc", EntryPoint = "mmap")]
    private static partial void* Map(void* address, nuint length, int protection, int flags, int file, long offset);

    [LibraryImport("libc", EntryPoint = "mprotect")]
    private static partial int Protect(void* address, nuint length, int protection);

    [LibraryImport("libc", EntryPoint = "munmap")]
    private static partial int Unmap(void* address, nuint length);
}
