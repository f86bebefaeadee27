using System.Runtime.CompilerServices;

namespace Ringmaster.Cpu.Interpreter.Execution;

/// <summary>
/// The sixteen general registers and two more that make address formation uniform: one that is always zero, and one that
/// holds the RIP of the block being executed.
/// </summary>
[InlineArray(18)]
internal struct RegisterFile
{
    /// <summary>Byte offset of the register that is always zero.</summary>
    public const byte Zero = 16 * 8;

    /// <summary>Byte offset of the register that holds the block's RIP.</summary>
    public const byte BlockRip = 17 * 8;

    /// <summary>Byte offsets of general registers.</summary>
    public const byte Rax = 0, Rcx = 8, Rdx = 16, Rbx = 24, Rsp = 32, Rbp = 40, Rsi = 48, Rdi = 56, R11 = 88;

    private ulong _register;
}
