using Ringmaster.Cpu.Interpreter.Memory;

namespace Ringmaster.Cpu.Translator.Cache;

/// <summary>The state of the vCPU that a translation takes as given, beside the code itself.</summary>
/// <param name="CodeSize">1: 32-bit code in flat segments; 2: 64-bit code.</param>
/// <param name="Mmu">How memory accesses are checked.</param>
/// <param name="Guards">One bit for each <see cref="Interpreter.Instructions.Guard"/> that lets its instructions pass.</param>
/// <param name="FlatSegments">One bit for each segment register, ES first, through which everything below 4 GiB can be accessed.</param>
/// <param name="MasksFloatExceptions">MXCSR masks all exceptions.</param>
/// <param name="IsKernel">Privilege level 0.</param>
internal readonly record struct TranslationContext(int CodeSize, MmuMode Mmu, uint Guards, uint FlatSegments, bool MasksFloatExceptions, bool IsKernel)
{
    /// <summary>64-bit code.</summary>
    public bool Is64Bit => CodeSize == 2;

    /// <summary>User code.</summary>
    public bool IsUser => Mmu is MmuMode.User or MmuMode.UserAligned;
}
