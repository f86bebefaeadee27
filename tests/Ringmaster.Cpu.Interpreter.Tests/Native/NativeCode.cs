using System.Runtime.InteropServices;

namespace Ringmaster.Cpu.Interpreter.Tests.Native;

/// <summary>Machine code in memory of its own, called with one pointer or two.</summary>
internal sealed unsafe partial class NativeCode : IDisposable
{
    private const int Read = 1, Write = 2, Execute = 4, Private = 2, Anonymous = 0x20;

    private readonly void* _memory;
    private readonly nuint _length;

    public NativeCode(ReadOnlySpan<byte> code)
    {
        _length = ((nuint)code.Length + 0xFFF) & ~(nuint)0xFFF;
        _memory = Map(null, _length, Read | Write, Private | Anonymous, -1, 0);
        Assert.NotEqual(-1, (nint)_memory);
        // SAFETY: the mapping has at least the code's length.
        code.CopyTo(new Span<byte>(_memory, code.Length));
        Assert.Equal(0, Protect(_memory, _length, Read | Execute));
    }

    /// <summary>Where the code begins.</summary>
    public ulong Address => (ulong)_memory;

    public void Call(void* argument) => ((delegate* unmanaged<void*, void>)_memory)(argument);

    public void Call(void* first, void* second) => ((delegate* unmanaged<void*, void*, void>)_memory)(first, second);

    public void Dispose() => Unmap(_memory, _length);

    [LibraryImport("libc", EntryPoint = "mmap")]
    private static partial void* Map(void* address, nuint length, int protection, int flags, int file, nint offset);

    [LibraryImport("libc", EntryPoint = "mprotect")]
    private static partial int Protect(void* address, nuint length, int protection);

    [LibraryImport("libc", EntryPoint = "munmap")]
    private static partial int Unmap(void* address, nuint length);
}
