using System.Runtime.InteropServices;

namespace Ringmaster.Cpu.Interpreter.Tests.HarnessSimd;

/// <summary>The registers that a vector instruction can read or write, as the native code loads and stores them.</summary>
[StructLayout(LayoutKind.Sequential)]
internal unsafe struct VectorState
{
    /// <summary>Sixteen YMM registers, four words each.</summary>
    public fixed ulong Vectors[64];

    /// <summary>General registers in encoding order; RSP and RBP are left alone.</summary>
    public fixed ulong General[16];

    /// <summary>MMX registers.</summary>
    public fixed ulong Mmx[8];

    public ulong Flags;
    public uint Mxcsr;
    public uint Padding;

    /// <summary>The x87 environment after the instruction (FNSTENV, 28 bytes).</summary>
    public fixed byte Environment[32];
}
