using Ringmaster.Cpu.Interpreter.Memory;

namespace Ringmaster.Cpu.Translator.Memory;

/// <summary>Large pages next to each other that lie so in host memory too, with the same rights: most of what kernels map.</summary>
/// <param name="Mode">For which accesses.</param>
/// <param name="Start">First linear address.</param>
/// <param name="Length">Bytes.</param>
/// <param name="Addend">Host address minus linear address.</param>
/// <param name="PageShift">log2 of the size of a page.</param>
/// <param name="IsGlobal">They are global pages.</param>
/// <param name="MayStore">Stores are allowed and set no dirty bit.</param>
internal readonly record struct LargeRun(MmuMode Mode, ulong Start, ulong Length, ulong Addend, int PageShift, bool IsGlobal, bool MayStore)
{
    /// <summary>Whether an address lies in it.</summary>
    public bool Holds(ulong linear) => linear - Start < Length;
}
