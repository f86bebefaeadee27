using System.Runtime.CompilerServices;
using Ringmaster.Cpu.Interpreter.Execution;
using Ringmaster.Cpu.Interpreter.FloatingPoint;

namespace Ringmaster.Cpu.Interpreter.Instructions.Simd.Float;

/// <summary>Between MXCSR and the context of an instruction.</summary>
internal static class MxcsrReports
{
    private const uint ControlBits = 0xFFC0, DefaultControl = 0x1F80;

    extension(FloatContext context)
    {
        /// <summary>To nearest, nothing flushed, all exceptions masked: what the host's arithmetic does here too.</summary>
        public bool IsDefault =>
            context is { Rounding: FloatRounding.Nearest, Masked: FloatExceptions.All, FlushToZero: false, DenormalsAreZero: false };
    }

    extension(Vcpu cpu)
    {
        /// <summary>MXCSR asks for default arithmetic.</summary>
        public bool HasDefaultMxcsr
        {
            [MethodImpl(MethodImplOptions.AggressiveInlining)]
            get => (cpu.Fpu.Mxcsr & ControlBits) == DefaultControl;
        }

        /// <summary>Sets the sticky flags, and raises the exception if one is not masked (SDM 1 11.5.3).</summary>
        /// <returns><see cref="Status.Next"/> if the result may be written.</returns>
        [MethodImpl(MethodImplOptions.AggressiveInlining)]
        public Status Report(in FloatContext context)
        {
            cpu.Fpu.Mxcsr |= (uint)context.Reported;
            return context.HasUnmasked ? RaiseUnmasked(cpu) : Status.Next;
        }
    }

    private static Status RaiseUnmasked(Vcpu cpu) =>
        (cpu.Cr4 & Cr4Bits.OsXmmExceptions) != 0 ? cpu.Raise(Vector.SimdFloatingPoint) : cpu.RaiseInvalidOpcode();
}
