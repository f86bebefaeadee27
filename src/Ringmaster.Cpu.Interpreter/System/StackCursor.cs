using Ringmaster.Cpu.Interpreter.Memory;
using Ringmaster.Cpu.State;

namespace Ringmaster.Cpu.Interpreter.Execution;

/// <summary>A stack that a far transfer works on before it becomes, or after it has been, the current one.</summary>
/// <param name="segment">The stack segment.</param>
/// <param name="pointer">The stack pointer.</param>
/// <param name="flat">A 64-bit stack: no base, no limit.</param>
/// <param name="mode">With whose rights it is accessed.</param>
/// <param name="errorCode">What #SS reports: the selector of a stack that is being switched to, or 0.</param>
internal struct StackCursor(in Segment segment, ulong pointer, bool flat, MmuMode mode, ushort errorCode)
{
    /// <summary>The stack segment.</summary>
    public readonly Segment Segment = segment;

    /// <summary>A 64-bit stack.</summary>
    public readonly bool Flat = flat;

    /// <summary>The rights.</summary>
    public readonly MmuMode Mode = mode;

    /// <summary>Error code of #SS.</summary>
    public readonly ushort ErrorCode = errorCode;

    /// <summary>The stack pointer with all its bits.</summary>
    public ulong Pointer = pointer;

    /// <summary>The bits of the pointer that accesses use and pushes change.</summary>
    public readonly ulong Mask => Flat ? ulong.MaxValue : Segment.Attributes.IsBig ? uint.MaxValue : ushort.MaxValue;

    /// <summary>The pointer moved by a number of bytes.</summary>
    public readonly ulong Moved(long bytes) => (Pointer & ~Mask) | ((Pointer + (ulong)bytes) & Mask);
}
