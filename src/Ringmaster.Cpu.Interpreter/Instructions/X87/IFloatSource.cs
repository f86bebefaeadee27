using Ringmaster.Cpu.Interpreter.Decoding;
using Ringmaster.Cpu.Interpreter.Execution;
using Ringmaster.Cpu.Interpreter.FloatingPoint;

namespace Ringmaster.Cpu.Interpreter.Instructions.X87;

/// <summary>A kind of memory operand.</summary>
internal unsafe interface IFloatSource
{
    /// <summary>Loads it; false with a fault or a request pending.</summary>
    static abstract bool Load(Vcpu cpu, Op* op, out Unpacked value);
}
