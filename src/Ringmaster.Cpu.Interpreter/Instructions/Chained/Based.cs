using System.Runtime.CompilerServices;
using Ringmaster.Cpu.Interpreter.Decoding;
using Ringmaster.Cpu.Interpreter.Execution;

namespace Ringmaster.Cpu.Interpreter.Instructions.Chained;

/// <summary>A base register, or none, and a displacement, in a segment whose base is zero, as most operands are.</summary>
internal readonly unsafe struct Based : IAddress
{
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static ulong Offset(Op* op, CpuFile* file) => file->Reg<ulong>(op->Base) + op->Displacement;

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static ulong Linear(Op* op, CpuFile* file) => Offset(op, file);
}
