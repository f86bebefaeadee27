using System.Runtime.CompilerServices;
using System.Runtime.InteropServices;
using Ringmaster.Cpu.State;

namespace Ringmaster.Differential.Tests.Native;

/// <summary>The legacy region of an XSAVE area as XSAVE64 writes it (SDM 1 10.5.1).</summary>
[StructLayout(LayoutKind.Sequential, Pack = 1)]
internal struct FxArea
{
    public ushort ControlWord;
    public ushort StatusWord;
    public byte TagWord;
    private readonly byte _reserved;
    public ushort LastOpcode;
    public ulong LastInstruction;
    public ulong LastData;
    public uint Mxcsr;
    public uint MxcsrMask;
    public StackRegisters Stack;
    public VectorHalves Xmm;
    private Unused _unused;

    /// <summary>TOP.</summary>
    public readonly int Top => StatusWord >> 11 & 7;

    /// <summary>One x87 register and its padding.</summary>
    [StructLayout(LayoutKind.Sequential, Pack = 1)]
    public struct StackRegister
    {
        public ulong Significand;
        public ushort SignExponent;
        private readonly ushort _padding0;
        private readonly uint _padding1;

        public readonly FloatRegister Value => new(Significand, SignExponent);
    }

    /// <summary>ST(0) to ST(7).</summary>
    [InlineArray(8)]
    public struct StackRegisters
    {
        private StackRegister _register;
    }

    [InlineArray(12)]
    private struct Unused
    {
        private ulong _word;
    }
}

/// <summary>One 128-bit half of each of the sixteen vector registers: register n is words 2n and 2n + 1.</summary>
[InlineArray(32)]
internal struct VectorHalves
{
    private ulong _word;
}
