using System.Runtime.InteropServices;

namespace Ringmaster.Cpu.Translator.Execution;

/// <summary>
/// The memory of a vCPU's area. It lives as long as anything refers to it, since any thread may still kick a vCPU that has just
/// been disposed. Untouched pages take no host memory.
/// </summary>
internal sealed unsafe class AreaMemory
{
    private const int PageSize = 4096;

    private readonly void* _block = NativeMemory.AllocZeroed((nuint)(Area.Size + PageSize));

    /// <summary>The area; page-aligned and zeroed.</summary>
    public byte* Address => (byte*)(((nint)_block + PageSize - 1) & -PageSize);

    ~AreaMemory() => NativeMemory.Free(_block);
}
