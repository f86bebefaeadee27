using System.Runtime.CompilerServices;

namespace Ringmaster.Cpu.State;

/// <summary>RAX, RCX, RDX, RBX, RSP, RBP, RSI, RDI, R8 to R15, in the order of their encoding.</summary>
[InlineArray(16)]
public struct GeneralRegisters
{
    private ulong _register;
}
