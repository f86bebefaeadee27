using System.Runtime.CompilerServices;
using Ringmaster.Cpu.Interpreter.Decoding;
using Ringmaster.Cpu.Interpreter.Execution;

namespace Ringmaster.Cpu.Interpreter.Instructions.Chained;

/// <summary>Everything that an operand can have in 64-bit mode with 64-bit addresses.</summary>
internal readonly unsafe struct Indexed : IAddress
{
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static ulong Offset(Op* op, CpuFile* file) =>
        file->Reg<ulong>(op->Base) + (file->Reg<ulong>(op->Index) << op->Scale) + op->Displacement;

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static ulong Linear(Op* op, CpuFile* file) => Offset(op, file) + file->Bases[op->Segment];
}
