using System.Runtime.CompilerServices;
using System.Runtime.Intrinsics;
using Ringmaster.Cpu.Interpreter.Execution;
using Ringmaster.Cpu.State;

namespace Ringmaster.Cpu.Interpreter.Instructions.Simd.Forms;

/// <summary>Writes to vector registers as VEX-encoded instructions make them: all bits above the result become zero.</summary>
internal static class VectorRegisters
{
    extension(Vcpu cpu)
    {
        /// <summary>Writes 128 bits and clears the rest.</summary>
        [MethodImpl(MethodImplOptions.AggressiveInlining)]
        public void SetVex128(byte index, Vector128<byte> value)
        {
            ref var lower = ref Unsafe.As<VectorRegister, Vector128<byte>>(ref cpu.Fpu.Vectors[index]);
            lower = value;
            Unsafe.Add(ref lower, 1) = default;
            Unsafe.Add(ref lower, 2) = default;
            Unsafe.Add(ref lower, 3) = default;
        }

        /// <summary>Writes 256 bits as two lanes and clears the rest.</summary>
        [MethodImpl(MethodImplOptions.AggressiveInlining)]
        public void SetVex256(byte index, Vector128<byte> lowerLane, Vector128<byte> upperLane)
        {
            ref var lower = ref Unsafe.As<VectorRegister, Vector128<byte>>(ref cpu.Fpu.Vectors[index]);
            lower = lowerLane;
            Unsafe.Add(ref lower, 1) = upperLane;
            Unsafe.Add(ref lower, 2) = default;
            Unsafe.Add(ref lower, 3) = default;
        }

        /// <summary>Writes 256 bits and clears the rest.</summary>
        [MethodImpl(MethodImplOptions.AggressiveInlining)]
        public void SetVex256(byte index, Vector256<byte> value)
        {
            ref var lower = ref Unsafe.As<VectorRegister, Vector256<byte>>(ref cpu.Fpu.Vectors[index]);
            lower = value;
            Unsafe.Add(ref lower, 1) = default;
        }

        /// <summary>Bits 128 to 255 of a vector register.</summary>
        [MethodImpl(MethodImplOptions.AggressiveInlining)]
        public ref Vector128<byte> UpperLane(byte index) =>
            ref Unsafe.Add(ref Unsafe.As<VectorRegister, Vector128<byte>>(ref cpu.Fpu.Vectors[index]), 1);
    }
}
