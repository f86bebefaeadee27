using System.Runtime.CompilerServices;
using Ringmaster.Cpu.Interpreter.Decoding;

namespace Ringmaster.Cpu.Interpreter.Execution;

/// <summary>Near control transfers. A target outside the code segment, or not canonical, faults on the branch itself.</summary>
internal unsafe partial class Vcpu
{
    /// <summary>A conditional branch that is not taken.</summary>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    internal Status FallThrough(Op* op)
    {
        Rip = NextRipOf(op);
        return Status.FallThrough;
    }

    /// <summary>Jumps to an offset from the block's start, with 64-bit operand size.</summary>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    internal Status JumpNear64(Op* op, ulong offset) => JumpTo64(R[17] + offset);

    /// <summary>Jumps to an offset from the block's start, with 32-bit operand size.</summary>
    internal Status JumpNear32(Op* op, ulong offset) => JumpToLegacy((uint)(R[17] + offset));

    /// <summary>Jumps to an offset from the block's start, with 16-bit operand size.</summary>
    internal Status JumpNear16(Op* op, ulong offset) => JumpToLegacy((ushort)(R[17] + offset));

    /// <summary>Jumps to a RIP in 64-bit mode.</summary>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    internal Status JumpTo64(ulong target)
    {
        if ((ulong)((long)(target << 16) >> 16) != target && !IsCanonical(target))
            return RaiseGeneralProtection();
        Rip = target;
        return Status.Branch;
    }

    /// <summary>Jumps to an EIP outside 64-bit mode; also to a truncated RIP in 64-bit mode.</summary>
    internal Status JumpToLegacy(uint target)
    {
        if (!_is64BitMode && target > Segments[SegmentIndex.Cs].Limit)
            return RaiseGeneralProtection();
        Rip = target;
        return Status.Branch;
    }
}
