using System.Runtime.Intrinsics;

namespace Ringmaster.Cpu.Interpreter.Instructions.Simd.Integer;

/// <summary>A shift of all elements of a lane by one count.</summary>
internal interface IShiftOperation
{
    /// <summary>Shifts; counts beyond the element's width shift everything out.</summary>
    static abstract Vector128<byte> Apply(Vector128<byte> source, ulong count);
}
