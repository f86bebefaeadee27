using Ringmaster.Cpu.Interpreter.Execution;
using Ringmaster.Cpu.State;

namespace Ringmaster.Cpu.Interpreter.Tests.HarnessSimd;

/// <summary>Exchange of MMX registers with a vCPU: loaded with a top of stack other than zero and all tags empty.</summary>
internal static unsafe class MmxState
{
    public static void Load(Vcpu cpu, in VectorState state)
    {
        for (var i = 0; i < 8; i++)
            cpu.Fpu.Registers[i] = new FloatRegister(state.Mmx[i], 0xFFFF);
        cpu.Fpu.StatusWord = 1 << 11;
        cpu.Fpu.TagWord = 0;
    }

    public static void Store(Vcpu cpu, ref VectorState state)
    {
        for (var i = 0; i < 8; i++)
            state.Mmx[i] = cpu.Fpu.Registers[i].Significand;
        state.Environment[4] = (byte)cpu.Fpu.StatusWord;
        state.Environment[5] = (byte)(cpu.Fpu.StatusWord >> 8);
        state.Environment[8] = state.Environment[9] = cpu.Fpu.TagWord == 0 ? (byte)0xFF : (byte)0;
    }
}
