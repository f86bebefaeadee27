using System.Runtime.InteropServices;

namespace Ringmaster.Cpu.Interpreter.Memory;

/// <summary>
/// A page of the software TLB. A tag that equals a linear page address lets accesses of its kind go straight to host
/// memory; anything that needs a second look (MMIO, code pages, watchpoints) has no tag and takes the slow path.
/// </summary>
[StructLayout(LayoutKind.Sequential)]
internal struct TlbEntry
{
    /// <summary>No linear page has this address.</summary>
    public const ulong Invalid = 1;

    /// <summary>Linear page for which loads are allowed.</summary>
    public ulong ReadTag;

    /// <summary>Linear page for which stores are allowed.</summary>
    public ulong WriteTag;

    /// <summary>Host address minus linear address.</summary>
    public ulong Addend;

    /// <summary>log2 of the size of the page in the guest's tables: 12, 21, 22 or 30.</summary>
    public int PageShift;

    /// <summary>Unused; keeps entries at 32 bytes.</summary>
    public int Reserved;
}
