using System.Runtime.CompilerServices;
using Ringmaster.Cpu.Interpreter.Execution;
using Ringmaster.Cpu.Interpreter.Instructions.X87;
using Ringmaster.Cpu.State;

namespace Ringmaster.Cpu.Interpreter.Instructions.Mmx;

/// <summary>The MMX registers, which are the significands of the x87 registers (SDM 1 9.2.1, 9.5).</summary>
internal static class MmxUnit
{
    /// <summary>A register.</summary>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static ulong Get(Vcpu cpu, int index) => cpu.Fpu.Registers[index].Significand;

    /// <summary>Writes a register; sign and exponent become ones, so that the x87 sees a NaN.</summary>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static void Set(Vcpu cpu, int index, ulong value) => cpu.Fpu.Registers[index] = new FloatRegister(value, 0xFFFF);

    /// <summary>What every MMX instruction but EMMS does to the x87 state: TOP becomes 0, all registers valid.</summary>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static void Enter(Vcpu cpu)
    {
        cpu.Fpu.StatusWord &= unchecked((ushort)~X87Status.Top);
        cpu.Fpu.TagWord = 0xFF;
    }
}
