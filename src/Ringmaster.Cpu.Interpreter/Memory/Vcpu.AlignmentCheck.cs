using Ringmaster.Cpu.Interpreter.Memory;

namespace Ringmaster.Cpu.Interpreter.Execution;

/// <summary>Alignment checks of user code (SDM 3A 6.15, #AC, table 6-7).</summary>
internal unsafe partial class Vcpu
{
    /// <summary>
    /// Raises #AC(0) for an access that is not aligned to its type. Whether #AC or #PF comes first is the processor's choice
    /// (SDM 3A table 6-2); here the address decides before its translation.
    /// </summary>
    /// <returns>False with #AC pending.</returns>
    private bool CheckAlignment<T>(MmuMode mode, ulong linear) where T : unmanaged
    {
        if (mode != MmuMode.UserAligned)
            return true;
        // Vectors have rules of their own (#GP or none); extended floats want the alignment of their significand.
        ulong unaligned = sizeof(T) switch { 2 => 1, 4 => 3, 8 or 10 => 7, _ => 0 };
        if ((linear & unaligned) == 0)
            return true;
        Raise(Vector.AlignmentCheck, 0);
        return false;
    }
}
