using System.Runtime.CompilerServices;
using Ringmaster.Cpu.Interpreter.Decoding;
using Ringmaster.Cpu.Interpreter.Execution;

namespace Ringmaster.Cpu.Interpreter.Instructions.X87;

/// <summary>What all x87 instructions share: the check for pending exceptions and the pointers to the last instruction.</summary>
internal static unsafe class X87Unit
{
    /// <summary>
    /// Whether an unmasked exception waits to be reported: every waiting instruction then takes #MF instead of executing.
    /// </summary>
    /// <remarks>
    /// With CR0.NE clear, hardware asserts FERR# and waits for IGNNE# or an interrupt (IRQ13 of old PCs). That wiring is not
    /// modelled: #MF is raised in that case too, so that no guest hangs (SDM 3A 2.5, appendix D of SDM 1).
    /// </remarks>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static bool IsPending(Vcpu cpu) => (cpu.Fpu.StatusWord & X87Status.ErrorSummary) != 0;

    /// <summary>#MF.</summary>
    public static Status RaisePending(Vcpu cpu) => cpu.Raise(Vector.FloatingPoint);

    /// <summary>Records an instruction without memory operand in FOP, FIP and FCS (SDM 1 8.1.8, 8.1.9).</summary>
    /// <remarks>
    /// The decoder leaves the 11 opcode bits in the operation's immediate. Intel's processors record FOP, and those with CPUID 7
    /// EBX[6] FDP, for unmasked exceptions only (SDM 1 8.1.8, 8.1.9.1); AMD's record both always, and so does this unit.
    /// </remarks>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static void Note(Vcpu cpu, Op* op)
    {
        cpu.Fpu.LastOpcode = (ushort)op->Immediate;
        cpu.Fpu.LastInstruction = cpu.RipOf(op);
        cpu.Fpu.LastInstructionSelector = cpu.Features.DeprecatesFcsFds ? (ushort)0 : cpu.SegmentOf(SegmentIndex.Cs).Selector;
    }

    /// <summary>Records an instruction with a memory operand, in FDP and FDS too.</summary>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static void NoteMemory(Vcpu cpu, Op* op)
    {
        Note(cpu, op);
        cpu.Fpu.LastData = cpu.EffectiveAddress(op);
        cpu.Fpu.LastDataSelector = cpu.Features.DeprecatesFcsFds ? (ushort)0 : cpu.SegmentOf(op->Segment).Selector;
    }
}
