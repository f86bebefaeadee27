using Ringmaster.Cpu.Interpreter.FloatingPoint;

namespace Ringmaster.Cpu.Interpreter.Instructions.X87;

/// <summary>An operation on the destination (left) and another operand (right).</summary>
internal interface IFloatOperation
{
    static abstract Unpacked Apply(in Unpacked left, in Unpacked right, ref FloatContext context);
}
