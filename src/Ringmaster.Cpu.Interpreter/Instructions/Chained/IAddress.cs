using Ringmaster.Cpu.Interpreter.Decoding;
using Ringmaster.Cpu.Interpreter.Execution;

namespace Ringmaster.Cpu.Interpreter.Instructions.Chained;

/// <summary>A form of memory operands in 64-bit mode.</summary>
internal unsafe interface IAddress
{
    /// <summary>The offset.</summary>
    static abstract ulong Offset(Op* op, CpuFile* file);

    /// <summary>The linear address: the offset and the segment's base.</summary>
    static abstract ulong Linear(Op* op, CpuFile* file);
}
