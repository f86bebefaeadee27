using System.Runtime.CompilerServices;
using System.Runtime.Intrinsics;
using Ringmaster.Cpu.Interpreter.Decoding;
using Ringmaster.Cpu.State;

namespace Ringmaster.Cpu.Interpreter.Execution;

/// <summary>Registers and how handlers reach them.</summary>
internal unsafe partial class Vcpu
{
    /// <summary>The registers, where they lie.</summary>
    internal CpuFile* Registers => _file;

    /// <summary>General registers.</summary>
    internal ref RegisterFile R => ref _file->R;

    /// <summary>RIP. Kept at block boundaries; inside a block it is <see cref="RipOf"/> of the operation.</summary>
    internal ref ulong Rip => ref _file->Rip;

    /// <summary>x87, MMX and vector state, in the canonical form.</summary>
    internal ref FpuState Fpu => ref _file->Fpu;

    /// <summary>A general register as its full 64 bits.</summary>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    internal ref ulong R64(byte offset) => ref Reg<ulong>(offset);

    /// <summary>A general register as the type's width: byte, ushort, uint or ulong. Writes to a uint must go through <see cref="SetReg{T}"/>.</summary>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    internal ref T Reg<T>(byte offset) where T : unmanaged =>
        // SAFETY: the decoder only makes offsets inside the register file.
        ref *(T*)((byte*)_file + offset);

    /// <summary>Writes a general register; a 32-bit write clears the upper half (SDM 1 3.4.1.1).</summary>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    internal void SetReg<T>(byte offset, T value) where T : unmanaged
    {
        if (typeof(T) == typeof(uint))
            Reg<ulong>(offset) = (uint)(object)value;
        else
            Reg<T>(offset) = value;
    }

    /// <summary>RIP of an operation of the current block.</summary>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    internal ulong RipOf(Op* op) => R[17] + op->Offset;

    /// <summary>RIP of the instruction after an operation of the current block.</summary>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    internal ulong NextRipOf(Op* op) => R[17] + op->NextOffset;

    /// <summary>The low 128 bits of a vector register.</summary>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    internal ref Vector128<T> Xmm<T>(byte index) where T : unmanaged =>
        ref Unsafe.As<VectorRegister, Vector128<T>>(ref Fpu.Vectors[index]);

    /// <summary>The low 256 bits of a vector register.</summary>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    internal ref Vector256<T> Ymm<T>(byte index) where T : unmanaged =>
        ref Unsafe.As<VectorRegister, Vector256<T>>(ref Fpu.Vectors[index]);

    /// <summary>Clears all bits of a vector register from 128 up, as VEX-encoded 128-bit instructions do (SDM 2A 2.3.10).</summary>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    internal void ClearAboveXmm(byte index)
    {
        ref var register = ref Fpu.Vectors[index];
        for (var i = 2; i < 8; i++)
            register[i] = 0;
    }
}
