using System.Diagnostics.CodeAnalysis;
using System.Runtime.CompilerServices;

namespace Ringmaster.Cpu.Interpreter.Execution;

/// <summary>How chained handlers reach general registers.</summary>
internal partial struct CpuFile
{
    /// <summary>RIP of the block being executed.</summary>
    internal ulong BlockRip => Reg<ulong>(RegisterFile.BlockRip);

    /// <summary>A general register by its byte offset, as the type's width. Writes to a uint must go through <see cref="SetReg{T}"/>.</summary>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    [UnscopedRef]
    internal ref T Reg<T>(byte offset) where T : unmanaged =>
        // SAFETY: the decoder only makes offsets inside the register file, which comes first.
        ref Unsafe.As<byte, T>(ref Unsafe.Add(ref Unsafe.As<CpuFile, byte>(ref this), offset));

    /// <summary>Writes a general register; a 32-bit write clears the upper half (SDM 1 3.4.1.1).</summary>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    internal void SetReg<T>(byte offset, T value) where T : unmanaged
    {
        if (typeof(T) == typeof(uint))
            Reg<ulong>(offset) = (uint)(object)value;
        else
            Reg<T>(offset) = value;
    }
}
