using System.Runtime.CompilerServices;

namespace Ringmaster.Cpu.State;

/// <summary>A vector register: bits 0-127 are XMM, 0-255 YMM, 0-511 ZMM. Word 0 is the least significant.</summary>
[InlineArray(8)]
public struct VectorRegister
{
    private ulong _word;
}
