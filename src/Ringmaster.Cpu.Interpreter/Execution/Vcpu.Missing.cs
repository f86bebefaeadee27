using Iced.Intel;
using Ringmaster.Cpu.Interpreter.Decoding;

namespace Ringmaster.Cpu.Interpreter.Execution;

/// <summary>Record of instructions that the CPU model has and the interpreter lacks.</summary>
internal unsafe partial class Vcpu
{
    private readonly HashSet<Code> _missing = [];

    /// <summary>Instructions met so far that the interpreter lacks; empty unless the engine is incomplete.</summary>
    internal IReadOnlyCollection<Code> MissingInstructions => _missing;

    internal void RecordMissing(Op* op)
    {
        if (_missing.Add((Code)op->Code))
            _observer?.InstructionMissing(Index, ((Code)op->Code).ToString(), RipOf(op));
    }
}
