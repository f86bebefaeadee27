using System.Runtime.InteropServices;
using Ringmaster.Cpu.State;

namespace Ringmaster.Differential.Tests.Native;

/// <summary>All user-mode registers, laid out as the oracle does (oracle/shared.h, struct registers).</summary>
[StructLayout(LayoutKind.Sequential)]
internal struct RegisterFrame
{
    public GeneralRegisters General;
    public ulong Rip;
    public ulong Rflags;
    public FxArea Fx;
    public VectorHalves YmmHigh;

    /// <summary>Takes the vector and x87 registers from an engine's state.</summary>
    public void SetFpu(in FpuState fpu)
    {
        Fx = default;
        Fx.ControlWord = fpu.ControlWord;
        Fx.StatusWord = fpu.StatusWord;
        Fx.TagWord = fpu.TagWord;
        Fx.LastOpcode = fpu.LastOpcode;
        Fx.LastInstruction = fpu.LastInstruction;
        Fx.LastData = fpu.LastData;
        Fx.Mxcsr = fpu.Mxcsr;
        for (var i = 0; i < 8; i++)
        {
            var register = fpu.Registers[(Fx.Top + i) & 7];
            Fx.Stack[i].Significand = register.Significand;
            Fx.Stack[i].SignExponent = register.SignExponent;
        }
        for (var i = 0; i < 16; i++)
        {
            (Fx.Xmm[2 * i], Fx.Xmm[2 * i + 1]) = (fpu.Vectors[i][0], fpu.Vectors[i][1]);
            (YmmHigh[2 * i], YmmHigh[2 * i + 1]) = (fpu.Vectors[i][2], fpu.Vectors[i][3]);
        }
    }

    /// <summary>The vector and x87 registers as engines take them.</summary>
    public readonly FpuState ToFpu()
    {
        var fpu = FpuState.Initial;
        fpu.ControlWord = Fx.ControlWord;
        fpu.StatusWord = Fx.StatusWord;
        fpu.TagWord = Fx.TagWord;
        fpu.LastOpcode = Fx.LastOpcode;
        fpu.LastInstruction = Fx.LastInstruction;
        fpu.LastData = Fx.LastData;
        fpu.Mxcsr = Fx.Mxcsr;
        for (var i = 0; i < 8; i++)
            fpu.Registers[(Fx.Top + i) & 7] = Fx.Stack[i].Value;
        for (var i = 0; i < 16; i++)
        {
            (fpu.Vectors[i][0], fpu.Vectors[i][1]) = (Fx.Xmm[2 * i], Fx.Xmm[2 * i + 1]);
            (fpu.Vectors[i][2], fpu.Vectors[i][3]) = (YmmHigh[2 * i], YmmHigh[2 * i + 1]);
        }
        return fpu;
    }
}
